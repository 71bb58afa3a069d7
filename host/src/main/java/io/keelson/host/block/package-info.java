/** Places of disks in the terms of QEMU's block layer, for all who run one of its programs. */
@NullMarked
package io.keelson.host.block;

import org.jspecify.annotations.NullMarked;
