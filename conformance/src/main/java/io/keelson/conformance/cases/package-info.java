/** Cases written by hand: YAML files of steps, and what runs them. */
@NullMarked
package io.keelson.conformance.cases;

import org.jspecify.annotations.NullMarked;
