/** What was done, by whom, to what, and how it ended: a log that shows when it was changed. */
@NullMarked
package io.keelson.control.audit;

import org.jspecify.annotations.NullMarked;
