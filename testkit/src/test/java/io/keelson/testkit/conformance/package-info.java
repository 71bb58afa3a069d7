/** What clients rely on, case by case, in both formats. */
@NullMarked
package io.keelson.testkit.conformance;

import org.jspecify.annotations.NullMarked;
