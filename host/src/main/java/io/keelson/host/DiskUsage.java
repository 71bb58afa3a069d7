package io.keelson.host;

/**
 * What a drive of a domain has done since the domain started.
 *
 * @param readBytes that the guest read
 * @param writtenBytes that the guest wrote
 * @param reads requests to read that are done
 * @param writes requests to write that are done
 * @param readNanos that all the reads together took
 * @param writeNanos that all the writes together took
 */
public record DiskUsage(
    long readBytes, long writtenBytes, long reads, long writes, long readNanos, long writeNanos) {}
