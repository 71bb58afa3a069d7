package io.keelson.control.storage;

import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;

/**
 * A disk that was made on the host.
 *
 * @param vdi the reference that its record gets
 * @param space of its repository afterwards
 */
public record MadeVdi(Ref<Vdi> vdi, Volume volume, StorageSpace space) {}
