/**
 * What is asked of guests: a {@link io.keelson.host.qemu.agent.GuestAgent} is the one inside a
 * guest, and conversations with it go over an {@link io.keelson.host.qemu.agent.AgentLine}.
 */
@NullMarked
package io.keelson.host.qemu.agent;

import org.jspecify.annotations.NullMarked;
