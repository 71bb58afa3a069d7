package io.keelson.host.qemu.agent;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.qmp.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/**
 * One conversation with a guest's agent: a JSON object a line each way.
 *
 * <p>What comes back was written by the guest, so nothing of it is trusted: an answer has a size
 * and a time, and what an earlier conversation left on the line is thrown away first.
 */
public final class AgentLine implements AutoCloseable {
  private static final int LONGEST_ANSWER = 256 << 10;
  private static final int MOST_LEFT_OVER = 1 << 20;
  private static final int BREAK = 0xff;

  private final SocketChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(16 << 10).flip();

  private AgentLine(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects and finds out that somebody answers.
   *
   * @throws DriverException GUEST_SILENT, REJECTED_BY_GUEST for nonsense, FAILED
   */
  static AgentLine open(Path socket, Duration patience) {
    AgentLine line;
    try {
      line = new AgentLine(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the guest's agent cannot be reached: " + e, e);
    }
    try {
      line.bounded(patience, line::synchronise);
      return line;
    } catch (DriverException e) {
      line.close();
      throw e;
    }
  }

  /**
   * Asks for something.
   *
   * @return the member "return" of the answer
   * @throws DriverException REJECTED_BY_GUEST with what the agent says, UNSUPPORTED when it does
   *     not know the command, GUEST_SILENT; after these two the line is of no use any more
   */
  public Json ask(String command, Json.Builder arguments, Duration patience) {
    return bounded(
        patience,
        () -> {
          say(command, arguments);
          return answer(command);
        });
  }

  /** Says something that gets no answer when it succeeds. */
  void tell(String command, Json.Builder arguments, Duration patience) {
    var _ =
        bounded(
            patience,
            () -> {
              say(command, arguments);
              return command;
            });
  }

  /** Whether the agent complains of what it was told, within this time. */
  boolean complains(String command, Duration patience) {
    try {
      Json _ = bounded(patience, () -> answer(command));
      return false;
    } catch (DriverException e) {
      return e.reason() == Reason.REJECTED_BY_GUEST || e.reason() == Reason.UNSUPPORTED;
    }
  }

  private interface Talk<T> {
    T run() throws IOException;
  }

  /** The line is cut when the time is over, which ends the reading. */
  private <T> T bounded(Duration patience, Talk<T> talk) {
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            this::close,
            CompletableFuture.delayedExecutor(patience.toNanos(), TimeUnit.NANOSECONDS));
    try {
      return talk.run();
    } catch (ClosedChannelException e) {
      throw new DriverException(Reason.GUEST_SILENT, "the guest's agent does not answer", e);
    } catch (IOException e) {
      throw new DriverException(Reason.GUEST_SILENT, "the guest's agent went away: " + e, e);
    } finally {
      end.cancel(false);
    }
  }

  /** After a byte that no text contains both sides begin anew, whatever was under way. */
  private long synchronise() throws IOException {
    long id = ThreadLocalRandom.current().nextLong(1L << 31);
    write(new byte[] {(byte) BREAK});
    say("guest-sync-delimited", Json.object().put("id", id));
    for (int passed = 0; passed < MOST_LEFT_OVER; passed++) {
      if (next() == BREAK && isAnswer(line(), id)) {
        return id;
      }
    }
    throw nonsense("there is no end to what it says");
  }

  private static boolean isAnswer(byte[] text, long id) {
    return parse(text) instanceof Json.Members answer && answer.number("return", -1) == id;
  }

  private void say(String command, Json.Builder arguments) throws IOException {
    String request =
        Json.object().put("execute", command).put("arguments", arguments.build()).build().write();
    write((request + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Json answer(String command) throws IOException {
    if (!(parse(line()) instanceof Json.Members answer)) {
      throw nonsense("no object");
    }
    if (answer.get("error").isPresent()) {
      Json.Members error = answer.members("error");
      boolean unknown = error.text("class").orElse("").equals("CommandNotFound");
      throw new DriverException(
          unknown ? Reason.UNSUPPORTED : Reason.REJECTED_BY_GUEST,
          command + ": " + AgentReport.text(error.text("desc").orElse("an error without words")));
    }
    return answer.get("return").orElseThrow(() -> nonsense("neither result nor error"));
  }

  private byte[] line() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int b = next(); b != '\n'; b = next()) {
      if (text.size() >= LONGEST_ANSWER) {
        throw nonsense("an answer longer than " + LONGEST_ANSWER + " bytes");
      }
      text.write(b);
    }
    return text.toByteArray();
  }

  private int next() throws IOException {
    while (!chunk.hasRemaining()) {
      if (channel.read(chunk.clear()) < 0) {
        throw new ClosedChannelException();
      }
      chunk.flip();
    }
    return chunk.get() & 0xff;
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  private static Json parse(byte[] text) {
    try {
      return Json.parse(text, 0, text.length);
    } catch (JacksonException e) {
      throw new DriverException(
          Reason.REJECTED_BY_GUEST, "the guest's agent answers with no JSON", e);
    }
  }

  private static DriverException nonsense(String why) {
    return new DriverException(
        Reason.REJECTED_BY_GUEST, "the guest's agent answers with nonsense: " + why);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing more is wanted of it.
    }
  }
}
