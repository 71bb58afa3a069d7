package io.keelson.http;

import java.io.IOException;

/** Answers requests of one path. */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers a request. Runs on a virtual thread and may block.
   *
   * @throws IOException when the client's body cannot be read; the connection is then closed
   */
  HttpAnswer handle(HttpCall call) throws IOException;
}
