/** Examples of calls: what a run sent and received, made readable, in files. */
@NullMarked
package io.keelson.conformance.recording;

import org.jspecify.annotations.NullMarked;
