/** A pool of simulated hosts to try virtual machines in. */
@NullMarked
package io.keelson.control.vm;

import org.jspecify.annotations.NullMarked;
