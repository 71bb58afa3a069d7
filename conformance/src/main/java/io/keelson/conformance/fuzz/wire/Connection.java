package io.keelson.conformance.fuzz.wire;

import io.keelson.conformance.fuzz.make.Wanted;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client's connection, made anew whenever the server has closed it. For one thread; others may
 * close it, which ends what it waits for.
 */
final class Connection implements AutoCloseable {
  private static final long AT_ONCE = 1_000_000_000;

  private final Door door;
  private volatile Optional<Door.Line> line = Optional.empty();
  private volatile Optional<InputStream> in = Optional.empty();

  Connection(Door door) {
    this.door = door;
  }

  /** What came of a request. */
  sealed interface Outcome {
    /** So many responses. */
    record Answered(List<Reply> replies) implements Outcome {}

    /** The server ended the connection, for instance in the middle of a response. */
    record Ended(String how) implements Outcome {}

    /** Nobody waited for an answer. */
    record Left() implements Outcome {}

    /** Nothing came for as long as was waited. */
    record Silent() implements Outcome {}
  }

  /**
   * Sends a request and reads what is answered.
   *
   * @throws IOException when no connection can be made
   */
  Outcome exchange(byte[] request, Wanted wanted, int replies, Duration patience)
      throws IOException {
    boolean fresh = line.isEmpty();
    long sent = System.nanoTime();
    Socket open = open(patience);
    open.setSoTimeout((int) patience.toMillis());
    try {
      return send(open, request, wanted, replies);
    } catch (SocketTimeoutException e) {
      close();
      return new Outcome.Silent();
    } catch (IOException e) {
      close();
      // A server may end an idle connection just when it is used again.
      return fresh || wanted == Wanted.NOTHING || System.nanoTime() - sent > AT_ONCE
          ? new Outcome.Ended(String.valueOf(e.getMessage()))
          : exchange(request, wanted, replies, patience);
    }
  }

  private Socket open(Duration patience) throws IOException {
    if (line.isEmpty()) {
      Door.Line made = door.open(patience);
      in = Optional.of(new BufferedInputStream(made.speaks().getInputStream(), 16 << 10));
      line = Optional.of(made);
    }
    return line.orElseThrow().speaks();
  }

  private Outcome send(Socket open, byte[] request, Wanted wanted, int replies) throws IOException {
    OutputStream out = open.getOutputStream();
    Optional<IOException> stopped = Optional.empty();
    try {
      out.write(request);
      out.flush();
    } catch (IOException e) { // an answer may have come before the end of the request
      stopped = Optional.of(e);
    }
    if (wanted == Wanted.NOTHING) {
      close();
      return new Outcome.Left();
    }
    if (wanted == Wanted.PART && stopped.isEmpty()) {
      open.shutdownOutput();
    }
    String method =
        new String(request, 0, Math.min(8, request.length), StandardCharsets.ISO_8859_1)
            .split(" ", 2)[0];
    List<Reply> read = new ArrayList<>();
    InputStream source = in.orElseThrow();
    while (read.size() < replies) {
      Reply reply = Reply.read(source, method);
      read.add(reply);
      if (!reply.keepsAlive() || reply.isTakenOver(method.equals("CONNECT"))) {
        close();
        break;
      }
    }
    if (wanted == Wanted.PART) {
      close();
    }
    return new Outcome.Answered(List.copyOf(read));
  }

  @Override
  public void close() {
    line.ifPresent(open -> {
      try {
        open.below().close(); // the end of TLS is not waited for
      } catch (IOException _) {
        // it is no longer used either way
      }
    });
    line = Optional.empty();
    in = Optional.empty();
  }
}
