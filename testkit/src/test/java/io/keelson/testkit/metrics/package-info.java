/** What is measured, as clients get it: messages, archives over HTTP, Prometheus, health. */
@NullMarked
package io.keelson.testkit.metrics;

import org.jspecify.annotations.NullMarked;
