/** Other programs, run with a limit on their time and on what they may say. */
@NullMarked
package io.keelson.host.process;

import org.jspecify.annotations.NullMarked;
