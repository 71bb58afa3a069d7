package io.keelson.http;

import io.keelson.wire.Encoded;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** How a handler answers. */
public sealed interface HttpAnswer {
  /**
   * With a body that is all there.
   *
   * @param headers besides those that every reply has
   */
  record Whole(int status, String contentType, Map<String, String> headers, Encoded body)
      implements HttpAnswer {
    public Whole(int status, String contentType, byte[] body) {
      this(status, contentType, Map.of(), Encoded.of(body));
    }
  }

  /**
   * By taking over the connection: the head is sent, and from then on the bytes are the handler's,
   * both ways. The connection is closed when it is done.
   *
   * @param status 200 or 101
   * @param headers of the head
   */
  record TakeOver(int status, Map<String, String> headers, Conversation conversation)
      implements HttpAnswer {}

  /**
   * By taking over the connection without a reply of HTTP: what the handler writes is all that the
   * client reads. The connection is closed when it is done.
   */
  record Silent(Conversation conversation) implements HttpAnswer {}

  /**
   * With {@link Exchange#begin}, already.
   *
   * @param whole whether the body was sent to its end; else the connection is cut off, so that the
   *     client does not take what it got for all
   */
  record Begun(boolean whole) implements HttpAnswer {}

  /** What is said on a connection that was taken over. */
  @FunctionalInterface
  interface Conversation {
    /**
     * Runs on the handler's virtual thread until the conversation is over.
     *
     * @param in what the client sends; ends when it stops sending
     * @param out what the client gets; writing waits for a client that is slow to read
     */
    void run(InputStream in, OutputStream out) throws IOException;
  }
}
