/** The conformance suite against our own server. */
@NullMarked
package io.keelson.testkit.suite;

import org.jspecify.annotations.NullMarked;
