/** Many watchers, and replicas kept by events. */
@NullMarked
package io.keelson.testkit.events;

import org.jspecify.annotations.NullMarked;
