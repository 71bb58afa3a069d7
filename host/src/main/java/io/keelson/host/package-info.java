/**
 * What a host can do, as interfaces that carry plain values: compute, storage, network and facts.
 *
 * <p>A driver knows nothing of references, sessions or roles. Every call names its host, so that
 * the same interface works inside one process and, later, over the network to another host's agent.
 */
@NullMarked
package io.keelson.host;

import org.jspecify.annotations.NullMarked;
