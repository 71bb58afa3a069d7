package io.keelson.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.OptionalLong;

/** The reply to a request, for a handler that sends it bit by bit. */
public interface Exchange {
  /** Whether the request is of HTTP/1.0, whose clients wait for a reply before they upload. */
  boolean http10();

  /** Whether the reply has begun: its status cannot be another any more. */
  boolean begun();

  /**
   * Sends the head. The handler then answers with {@link HttpAnswer.Begun}, and the connection ends
   * with the reply.
   *
   * @param headers besides those that say how long the body is
   * @param length of the body; without one it goes in chunks, or for HTTP/1.0 until the connection
   *     ends
   * @return takes the body; writing waits for a client that is slow to read, and fails for one that
   *     stops
   * @throws IOException when the client has gone
   */
  OutputStream begin(int status, Map<String, String> headers, OptionalLong length)
      throws IOException;

  /** Ends the connection at once, from whatever thread; reading and writing then fail. */
  void hangUp();
}
