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

    /** What the server said in the protocol of xe, a character a byte. */
    record Spoken(String text) implements Outcome {}

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
    Outcome first = attempt(request, wanted, replies, patience);
    // A server may end a connection that waits just when it is used, for instance as its settings
    // of TLS have changed; if it ends them because of the request, it ends the next one too.
    return first instanceof Outcome.Ended && !wanted.mayEnd()
        ? attempt(request, wanted, replies, patience)
        : first;
  }

  private Outcome attempt(byte[] request, Wanted wanted, int replies, Duration patience)
      throws IOException {
    Socket open = open(patience);
    open.setSoTimeout((int) patience.toMillis());
    try {
      return send(open, request, wanted, replies);
    } catch (SocketTimeoutException e) {
      close();
      return new Outcome.Silent();
    } catch (IOException e) {
      close();
      return new Outcome.Ended(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Sends a command of xe, and the parts of the client's side as the server asks for them.
   *
   * @throws IOException when no connection can be made
   */
  Outcome converse(List<byte[]> parts, Duration patience) throws IOException {
    close(); // what such a connection has spoken once is no longer HTTP
    Socket open = open(patience);
    open.setSoTimeout((int) patience.toMillis());
    try {
      return new Outcome.Spoken(new ThinTalk(in.orElseThrow(), open.getOutputStream()).text(parts));
    } catch (SocketTimeoutException e) {
      return new Outcome.Silent();
    } catch (IOException e) {
      return new Outcome.Ended(String.valueOf(e.getMessage()));
    } finally {
      close();
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
