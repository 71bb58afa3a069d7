package io.keelson.image.tar;

/**
 * A file in an archive.
 *
 * @param name as the archive has it; it is compared with and never used as a path
 * @param size in bytes
 */
public record TarEntry(String name, long size) {}
