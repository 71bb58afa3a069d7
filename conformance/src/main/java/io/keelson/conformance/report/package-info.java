/** What was measured, what failed and what is missing, as text and as JSON. */
@NullMarked
package io.keelson.conformance.report;

import org.jspecify.annotations.NullMarked;
