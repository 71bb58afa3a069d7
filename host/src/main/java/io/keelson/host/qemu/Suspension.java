package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves a machine's memory to an image and back.
 *
 * <p>QEMU streams to a socket of ours, and we write: so nothing has to be quoted for a shell, no
 * further process runs, the bytes are checked, and they are on disk before the domain ends.
 */
final class Suspension {
  static final String STREAM = "memory.sock";
  private static final long WATCH_MILLIS = 50;
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  /** As fast as both ends can. */
  static final long BYTES_PER_SECOND = 1L << 36;

  private final LiveDomain domain;

  Suspension(LiveDomain domain) {
    this.domain = domain;
  }

  /** Leaves the machine stopped with its memory in the image, or as it was, and raises. */
  void save(Path image, Progress progress) {
    domain.requireUsable();
    Standstill standstill = Standstill.of(domain);
    try {
      write(image, progress);
    } catch (DriverException e) {
      standstill.close();
      throw e;
    }
  }

  /** Writes the stopped machine's memory to the image; when that fails the image is none. */
  void write(Path image, Progress progress) {
    reclaim(domain);
    try {
      stream(image, progress);
    } catch (IOException e) {
      SuspendImage.spoil(image);
      throw new DriverException(
          noSpace(e) ? Reason.NO_SPACE : Reason.FAILED, "writing " + image + ": " + e, e);
    } catch (DriverException e) {
      SuspendImage.spoil(image);
      throw e;
    }
  }

  /**
   * A machine that stays paused after its memory was written has handed its disks over, as QEMU
   * sees it, to a successor. It takes them back only with its processors, which run for an instant.
   */
  static void reclaim(LiveDomain domain) {
    if (domain.query("query-status").text("status").orElse("").equals("postmigrate")) {
      domain.execute("cont");
      domain.execute("stop");
    }
  }

  private static boolean noSpace(Exception e) {
    return String.valueOf(e.getMessage()).contains("No space left");
  }

  private void stream(Path image, Progress progress) throws IOException {
    DomainRecord record = domain.record().withMachine(machine(domain));
    Path socket = domain.folder().socket(STREAM, domain.process().pid());
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      domain.execute(
          "migrate-set-parameters", Json.object().put("max-bandwidth", BYTES_PER_SECOND));
      CompletableFuture<Boolean> written = new CompletableFuture<>();
      Thread.ofVirtual()
          .name("suspend-" + domain.vm())
          .start(() -> {
            try (SocketChannel channel = server.accept()) {
              SuspendImage.write(image, record, channel, length -> {});
              written.complete(true);
            } catch (IOException | RuntimeException e) {
              written.completeExceptionally(e);
            }
          });
      domain.execute("migrate", Json.object().put("uri", "unix:" + STREAM));
      try {
        watch(written, progress);
        settled();
      } catch (IOException | DriverException e) {
        abandon();
        throw e;
      }
    } finally {
      Files.deleteIfExists(socket);
    }
    progress.report(1);
  }

  /** The machine's type, as the process that runs it understands it. */
  static String machine(LiveDomain domain) {
    String type =
        domain.execute("qom-get", Json.object().put("path", "/machine").put("property", "type"))
                instanceof Json.Text(String name)
            ? name
            : domain.record().machine();
    return type.endsWith("-machine") ? type.substring(0, type.length() - 8) : type;
  }

  private void watch(CompletableFuture<Boolean> written, Progress progress) throws IOException {
    while (true) {
      try {
        written.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException _) {
        progress.stopIfCancelled("the suspension");
        Json.Members migration = domain.query("query-migrate");
        if (migration.text("status").orElse("").equals("failed")) {
          throw failed(migration);
        }
        Json.Members ram = migration.members("ram");
        double done = ram.number("transferred", 0);
        double left = ram.number("remaining", 0);
        progress.report(done + left > 0 ? 0.99 * done / (done + left) : 0);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new DriverException(Reason.FAILED, "writing the image: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DriverException(Reason.CANCELLED, "interrupted while suspending", e);
      }
    }
  }

  /** Waits until QEMU, too, has done with the stream, and says how that went. */
  private String settled() {
    long end = System.nanoTime() + domain.settings().command().toNanos();
    while (true) {
      Json.Members migration = domain.query("query-migrate");
      String status = migration.text("status").orElse("none");
      switch (status) {
        case "completed" -> {
          return status;
        }
        case "failed", "cancelled", "none" -> throw failed(migration);
        default -> {
          if (System.nanoTime() > end) {
            throw new DriverException(Reason.FAILED, "QEMU does not end its stream: " + status);
          }
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
      }
    }
  }

  private static DriverException failed(Json.Members migration) {
    return new DriverException(
        Reason.FAILED,
        "QEMU could not write its memory: "
            + migration.text("error-desc").or(() -> migration.text("status")).orElse(""));
  }

  private void abandon() {
    try {
      domain.execute("migrate_cancel");
      String _ = settled();
    } catch (DriverException e) {
      // Cancelled, as was wanted; or gone, which the connection tells.
    }
  }

  /** Gives the machine its memory back; it stays stopped. */
  void load(Path image, Progress progress) {
    try {
      domain.execute("migrate-incoming", Json.object().put("uri", "unix:" + STREAM));
      Path socket = domain.folder().socket(STREAM, domain.process().pid());
      long length = SuspendImage.streamLength(image);
      CompletableFuture<Boolean> sent = new CompletableFuture<>();
      AtomicLong done = new AtomicLong();
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        Thread.ofVirtual()
            .name("resume-" + domain.vm())
            .start(() -> {
              try {
                SuspendImage.read(image, channel, done::set);
                sent.complete(true);
              } catch (IOException | RuntimeException e) {
                sent.completeExceptionally(e);
              }
            });
        feed(sent, () -> progress.report(0.99 * done.get() / Math.max(1, length)), progress);
        awaitLoaded();
      } finally {
        Files.deleteIfExists(socket);
      }
      progress.report(1);
    } catch (IOException e) {
      throw new DriverException(
          Reason.FAILED, "resuming from " + image + ": " + e + lastWords(), e);
    } catch (DriverException e) {
      if (e.reason() != Reason.FAILED) {
        throw e;
      }
      throw new DriverException(Reason.FAILED, e.getMessage() + lastWords(), e);
    }
  }

  private String lastWords() {
    String words = domain.folder().log();
    return words.isEmpty() ? "" : ": " + words;
  }

  private void feed(CompletableFuture<Boolean> sent, Runnable report, Progress progress)
      throws IOException {
    while (true) {
      try {
        sent.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException _) {
        progress.stopIfCancelled("the resumption");
        domain.query("query-name"); // a stopped or dead QEMU must not be waited for
        report.run();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof DriverException d) {
          throw d;
        }
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new DriverException(Reason.FAILED, "reading the image: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DriverException(Reason.CANCELLED, "interrupted while resuming", e);
      }
    }
  }

  private void awaitLoaded() throws IOException {
    long end = System.nanoTime() + domain.settings().start().toNanos();
    while (domain.query("query-status").text("status").orElse("").equals("inmigrate")) {
      if (System.nanoTime() > end) {
        throw new IOException("QEMU does not take its memory back");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
