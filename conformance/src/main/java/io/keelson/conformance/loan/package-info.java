/** What a run lends the server for as long as it takes: others that it can talk to, and files. */
@NullMarked
package io.keelson.conformance.loan;

import org.jspecify.annotations.NullMarked;
