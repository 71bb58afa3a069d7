/** Files sent to a server and fetched from it. */
@NullMarked
package io.keelson.testkit.transfers;

import org.jspecify.annotations.NullMarked;
