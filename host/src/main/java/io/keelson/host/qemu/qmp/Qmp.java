package io.keelson.host.qemu.qmp;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * One QMP connection: commands with their replies, and events as they come.
 *
 * <p>Every command is bounded in time, so a stopped QEMU answers FAILED instead of hanging its
 * caller. Once the other end is gone every command fails at once.
 */
public final class Qmp implements AutoCloseable {
  private static final int LONGEST_MESSAGE = 16 << 20;
  private static final int MOST_UNANSWERED = 64;

  /** Something QEMU tells by itself. */
  public record Event(String name, Json.Members data) {}

  private final SocketChannel channel;
  private final Consumer<Event> events;
  private final Runnable gone;
  private final CompletableFuture<Json.Members> greeting = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<Json>> unanswered = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;

  private Qmp(SocketChannel channel, Consumer<Event> events, Runnable gone) {
    this.channel = channel;
    this.events = events;
    this.gone = gone;
  }

  /**
   * Connects and agrees on capabilities.
   *
   * @param events hears events, in their order, on the connection's own thread
   * @param gone runs once when QEMU closes the connection, not when {@link #close} does
   */
  public static Qmp connect(Path socket, Consumer<Event> events, Runnable gone, Duration patience)
      throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    Qmp qmp = new Qmp(channel, events, gone);
    Thread.ofVirtual().name("qmp-" + socket).start(qmp::read);
    try {
      qmp.await(qmp.greeting, "its greeting", patience);
      qmp.execute("qmp_capabilities", Json.object(), patience);
      return qmp;
    } catch (DriverException e) {
      qmp.close();
      throw e;
    }
  }

  /** Runs a command; raises FAILED with QEMU's words, NOT_FOUND for an unknown device. */
  public Json execute(String command, Json.Builder arguments, Duration patience) {
    return await(send(command, arguments), command, patience);
  }

  private CompletableFuture<Json> send(String command, Json.Builder arguments) {
    if (unanswered.size() >= MOST_UNANSWERED) {
      throw new DriverException(Reason.FAILED, "QEMU does not answer its commands");
    }
    long id = lastId.incrementAndGet();
    String line =
        Json.object()
            .put("execute", command)
            .put("arguments", arguments.build())
            .put("id", id)
            .build()
            .write();
    CompletableFuture<Json> reply = new CompletableFuture<>();
    unanswered.put(id, reply);
    var _ = reply.whenComplete((value, error) -> unanswered.remove(id));
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      reply.completeExceptionally(over());
    } finally {
      writing.unlock();
    }
    if (ended) {
      reply.completeExceptionally(over());
    }
    return reply;
  }

  private <T> T await(CompletableFuture<T> reply, String what, Duration patience) {
    try {
      return reply.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      reply.cancel(false);
      throw new DriverException(
          Reason.FAILED,
          "QEMU did not answer " + what + " within " + patience.toMillis() + " ms",
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DriverException d) {
        throw new DriverException(d.reason(), what + ": " + d.getMessage(), d);
      }
      throw new DriverException(Reason.FAILED, what + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted while QEMU worked on " + what, e);
    }
  }

  private void read() {
    ByteBuffer chunk = ByteBuffer.allocate(16 << 10);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      while (channel.read(chunk.clear()) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining()) {
          byte b = chunk.get();
          if (b == '\n') {
            message(line.toByteArray());
            line.reset();
          } else if (line.size() < LONGEST_MESSAGE) {
            line.write(b);
          } else {
            throw new IOException("a message longer than " + LONGEST_MESSAGE + " bytes");
          }
        }
      }
    } catch (IOException | JacksonException e) {
      // The connection is of no use any more, whatever broke it: below.
    }
    ended = true;
    greeting.completeExceptionally(over());
    unanswered.values().forEach(reply -> reply.completeExceptionally(over()));
    boolean byUs = closed.getAndSet(true);
    shut();
    if (!byUs) {
      gone.run();
    }
  }

  private void message(byte[] text) {
    if (!(Json.parse(text, 0, text.length) instanceof Json.Members message)) {
      return;
    }
    if (message.get("QMP").isPresent()) {
      greeting.complete(message);
    } else if (message.text("event").isPresent()) {
      events.accept(new Event(message.text("event").get(), message.members("data")));
    } else {
      CompletableFuture<Json> reply = unanswered.get(message.number("id", -1));
      if (reply == null) {
        return; // its caller has given up
      }
      if (message.get("error").isPresent()) {
        Json.Members error = message.members("error");
        Reason reason =
            error.text("class").equals(Optional.of("DeviceNotFound"))
                ? Reason.NOT_FOUND
                : Reason.FAILED;
        reply.completeExceptionally(
            new DriverException(reason, error.text("desc").orElse("QEMU reports an error")));
      } else {
        reply.complete(message.get("return").orElse(new Json.Nothing()));
      }
    }
  }

  private static DriverException over() {
    return new DriverException(Reason.FAILED, "the domain's process has ended");
  }

  /** Closes this end; the domain runs on. */
  @Override
  public void close() {
    closed.set(true);
    shut();
  }

  private void shut() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing more can be done with it.
    }
  }
}
