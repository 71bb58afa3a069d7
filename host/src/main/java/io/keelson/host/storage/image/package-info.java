/** Images of disks: what QEMU's tools do with them, and what can be told without a process. */
@NullMarked
package io.keelson.host.storage.image;

import org.jspecify.annotations.NullMarked;
