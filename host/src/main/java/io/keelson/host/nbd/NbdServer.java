package io.keelson.host.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.block.BlockNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A qemu-nbd process that serves one image to one client, which is this one, and ends with it.
 *
 * <p>The format is always given, never probed. A shell between holds a pipe from this process: when
 * the pipe ends, which it does however this process ends, the shell ends qemu-nbd.
 */
final class NbdServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration END = Duration.ofSeconds(30);
  private static final int MOST_TEXT = 4096;

  /** Runs its arguments until they end, or until its standard input does. */
  private static final String WRAPPER =
      "exec 3<&0; \"$@\" 3<&- </dev/null & served=$!; "
          + "{ cat <&3 >/dev/null 2>&1; kill -KILL $served; } >/dev/null 2>&1 & watch=$!; "
          + "exec 3<&-; wait $served; status=$?; kill $watch 2>/dev/null; exit $status";

  private final Process process;
  private final SocketChannel channel;

  private NbdServer(Process process, SocketChannel channel) {
    this.process = process;
    this.channel = channel;
  }

  /** Raises UNSUPPORTED without qemu-nbd, WRONG_STATE while somebody writes the image. */
  static NbdServer open(DiskSource source, boolean readOnly) {
    Path folder;
    try {
      folder = Files.createTempDirectory("knbd");
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "no folder for a socket: " + e.getMessage(), e);
    }
    Path socket = folder.resolve("s");
    try {
      Process process = new ProcessBuilder(command(source, readOnly, socket)).start();
      try {
        return new NbdServer(process, connect(process, socket));
      } catch (IOException | RuntimeException e) {
        end(process);
        throw e;
      }
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "qemu-nbd: " + e.getMessage(), e);
    } finally {
      remove(socket);
      remove(folder);
    }
  }

  /** The one connection; nobody else can have another. */
  SocketChannel channel() {
    return channel;
  }

  /** Why nothing could be said on the connection: it listens before it opens the image. */
  DriverException refused(IOException failure) {
    leave();
    try {
      if (process.exitValue() != 0) {
        return failed(process);
      }
    } catch (IOException _) {
      // What it said is lost; what was noticed is told.
    } finally {
      end(process);
    }
    return new DriverException(Reason.FAILED, "qemu-nbd: " + failure.getMessage(), failure);
  }

  /** Waits until all is written and the image is free; ends the process when that takes long. */
  @Override
  public void close() {
    leave();
    end(process);
  }

  private void leave() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is closed then as well.
    }
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
        throw new DriverException(Reason.FAILED, "qemu-nbd did not end, and was ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(process);
    }
  }

  private static List<String> command(DiskSource source, boolean readOnly, Path socket) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", WRAPPER, "sh", "qemu-nbd"));
    if (readOnly) {
      command.add("--read-only");
    }
    command.addAll(
        List.of(
            "--socket=" + socket,
            "--shared=1",
            "--cache=writeback",
            "--discard=unmap",
            "--allocation-depth"));
    command.addAll(BlockNode.arguments(source));
    return command;
  }

  private static SocketChannel connect(Process process, Path socket) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      boolean ended = pause(process);
      if (Files.exists(socket)) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          channel.connect(address);
          return channel;
        } catch (IOException notYet) {
          channel.close();
        }
      }
      if (ended) {
        throw failed(process);
      }
      if (System.nanoTime() - until > 0) {
        throw new IOException("it did not start within " + START.toSeconds() + " s");
      }
    }
  }

  /** A moment; whether the process has ended by then. */
  private static boolean pause(Process process) {
    try {
      return process.waitFor(5, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted while qemu-nbd started", e);
    }
  }

  private static DriverException failed(Process process) throws IOException {
    String text =
        new String(process.getErrorStream().readNBytes(MOST_TEXT), UTF_8)
            .strip()
            .replaceAll("\\s*\\R\\s*", "; ");
    Reason reason = Reason.FAILED;
    if (text.contains("Failed to get") && text.contains("lock")) {
      reason = Reason.WRONG_STATE;
    } else if (text.contains("No such file")) {
      reason = Reason.NOT_FOUND;
    } else if (text.contains("not found")) {
      reason = Reason.UNSUPPORTED;
    }
    return new DriverException(reason, text.isEmpty() ? "qemu-nbd ended" : text);
  }

  /** Closing the pipe makes the shell end what it runs. */
  private static void end(Process process) {
    try {
      process.getOutputStream().close();
      process.getErrorStream().close();
      process.getInputStream().close();
    } catch (IOException _) {
      // The pipes are closed then as well.
    }
    process
        .onExit()
        .orTimeout(END.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(late -> {
          return process.destroyForcibly();
        })
        .join();
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // A socket left behind disturbs nobody: the next one has a folder of its own.
    }
  }
}
