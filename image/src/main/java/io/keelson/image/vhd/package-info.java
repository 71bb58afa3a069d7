/**
 * Virtual hard disks as VHD files: fixed, dynamic and differencing, read and written as streams.
 */
@NullMarked
package io.keelson.image.vhd;

import org.jspecify.annotations.NullMarked;
