package io.keelson.host;

import java.util.UUID;

/**
 * A volume in a repository.
 *
 * @param vdi its identity
 * @param location its name within the repository (VDI.location)
 * @param name for people; empty when the repository keeps none
 * @param virtualSize bytes the guest sees
 * @param used bytes it takes up
 * @param readOnly whether nobody can write it (an ISO image)
 */
public record Volume(
    UUID vdi, String location, String name, long virtualSize, long used, boolean readOnly) {}
