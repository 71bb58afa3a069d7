/** Storage repositories that are folders: qcow2 disks and ISO images. */
@NullMarked
package io.keelson.host.storage;

import org.jspecify.annotations.NullMarked;
