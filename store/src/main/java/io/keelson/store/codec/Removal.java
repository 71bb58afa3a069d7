package io.keelson.store.codec;

import io.keelson.store.ObjectId;

/**
 * That an object was removed.
 *
 * @param created number of the change that made it
 * @param removed number of the change that removed it
 */
public record Removal(ObjectId<?> id, long created, long removed) {}
