/** How QEMU is spoken to: QMP, and the JSON that it and the records of domains are made of. */
@NullMarked
package io.keelson.host.qemu.qmp;

import org.jspecify.annotations.NullMarked;
