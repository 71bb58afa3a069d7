/** The built-in Linux guest, on plain QEMU. */
@NullMarked
package io.keelson.testkit.guest;

import org.jspecify.annotations.NullMarked;
