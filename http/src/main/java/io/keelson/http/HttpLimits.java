package io.keelson.http;

import java.time.Duration;

/**
 * What one client may cost the server.
 *
 * @param connections open at once; beyond, the longest idle one makes room
 * @param headBytes of all header lines of one request together, and of its first line
 * @param rpcBytes of the body of a call
 * @param rpcBytesInAll of the bodies of all calls in progress together, first 8 KiB of each aside
 * @param headTime from a request's first byte, or the connection's opening, to the end of its head
 * @param bodyTime from there to the end of a call's body
 * @param idleTime that a connection may stay open between requests
 * @param uploadTime that an upload may pause, as one does that is piped from what takes its time
 * @param stallTime that a reply may wait for a client that does not read
 * @param drainTime that stopping waits for calls in progress
 * @param compressFrom bytes of a reply that is worth compressing when the client asks
 */
public record HttpLimits(
    int connections,
    int headBytes,
    int rpcBytes,
    long rpcBytesInAll,
    Duration headTime,
    Duration bodyTime,
    Duration idleTime,
    Duration uploadTime,
    Duration stallTime,
    Duration drainTime,
    int compressFrom) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          10_000,
          16 << 10,
          4 << 20,
          // What is read from a body may take several times its bytes.
          Runtime.getRuntime().maxMemory() / 16,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          4 << 10);

  public HttpLimits {
    if (connections < 1 || headBytes < 256 || rpcBytes < 1 || compressFrom < 0) {
      throw new IllegalArgumentException("limits out of range");
    }
  }

  /** The shortest of the times that connections are watched for. */
  Duration shortest() {
    Duration shortest = headTime;
    for (Duration time : new Duration[] {bodyTime, idleTime, uploadTime, stallTime}) {
      shortest = time.compareTo(shortest) < 0 ? time : shortest;
    }
    return shortest;
  }
}
