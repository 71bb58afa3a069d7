/** What the store does when processes die, disks fail and bits flip. */
@NullMarked
package io.keelson.store.faults;

import org.jspecify.annotations.NullMarked;
