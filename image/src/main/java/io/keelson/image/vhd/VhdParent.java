package io.keelson.image.vhd;

import java.time.Instant;
import java.util.UUID;

/**
 * The disk that a differencing one differs from.
 *
 * @param time when the parent was last changed
 * @param name of the parent's file, without folders
 */
public record VhdParent(UUID id, Instant time, String name) {}
