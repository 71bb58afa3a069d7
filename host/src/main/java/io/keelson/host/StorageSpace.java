package io.keelson.host;

/**
 * The space of a repository, bytes.
 *
 * @param size of the whole
 * @param used by all that is on it
 */
public record StorageSpace(long size, long used) {}
