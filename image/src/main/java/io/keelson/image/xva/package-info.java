/**
 * Virtual machines as archives (XVA): what they are in one XML file, then the data of their disks.
 */
@NullMarked
package io.keelson.image.xva;

import org.jspecify.annotations.NullMarked;
