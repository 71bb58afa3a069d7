/** Real virtual machines, from the call to the guest's serial line. */
@NullMarked
package io.keelson.testkit.machines;

import org.jspecify.annotations.NullMarked;
