package io.keelson.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The reply that a handler sends bit by bit on its connection. */
final class StreamedExchange implements Exchange {
  private final HandlerLine line;
  private final RequestHead head;
  private volatile Optional<StreamedBody> reply = Optional.empty();

  StreamedExchange(HandlerLine line, RequestHead head) {
    this.line = line;
    this.head = head;
  }

  @Override
  public boolean http10() {
    return head.http10();
  }

  @Override
  public boolean begun() {
    return reply.isPresent();
  }

  @Override
  public OutputStream begin(int status, Map<String, String> headers, OptionalLong length)
      throws IOException {
    if (begun()) {
      throw new IllegalStateException("the reply has begun already");
    }
    boolean chunks = length.isEmpty() && !head.http10();
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (chunks) {
      all.put("transfer-encoding", "chunked");
    }
    StreamedBody body =
        new StreamedBody(
            line.begin(head, status, all, length.orElse(-1)),
            length,
            chunks,
            head.method().equals("HEAD"));
    reply = Optional.of(body);
    return body;
  }

  @Override
  public void hangUp() {
    line.close();
  }

  /** Ends what was begun. What is not whole must not look as if it were. */
  void end(boolean whole) throws IOException {
    if (whole && reply.isPresent() && reply.get().finish()) {
      line.endBegun();
    } else {
      line.reset();
    }
  }
}
