/** What was measured, as files and pages over HTTP: round-robin archives, Prometheus, health. */
@NullMarked
package io.keelson.server.metrics;

import org.jspecify.annotations.NullMarked;
