package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.HypervisorFacts;
import io.keelson.host.qemu.qmp.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What QEMU here is and can do, found out once and in the background.
 *
 * <p>Whether the processor runs guests itself is found by running one: a {@code /dev/kvm} may be
 * there and yet emulate every instruction slower than QEMU's own translator does. The answer is
 * kept in the data folder for this kernel and this QEMU.
 */
final class QemuFacts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QemuFacts.class);
  private static final Pattern VERSION = Pattern.compile("version ([0-9][0-9.]*)");
  private static final Path KVM = Path.of("/dev/kvm");

  /** A trial guest needs some 70 ms on real hardware, and 3 s where KVM only emulates. */
  private static final long TRIAL_MILLIS = 1000;

  private static final long ANSWER_SECONDS = 30;

  /** What a domain's process takes beside its guest's memory, as measured with small guests. */
  private static final long OVERHEAD_BYTES = 48L << 20;

  private final Path program;
  private final Path data;
  private final CompletableFuture<String> version = new CompletableFuture<>();
  private final CompletableFuture<Accelerator> accelerator = new CompletableFuture<>();
  private final Thread finding;

  /** Starts finding out. */
  QemuFacts(Path program, Path data) {
    this.program = program;
    this.data = data;
    this.finding = Thread.ofVirtual().name("qemu-facts").start(this::findOut);
  }

  /** Returns when nothing is written to the data folder any more: a trial takes its short time. */
  @Override
  public void close() {
    try {
      if (!finding.join(Duration.ofSeconds(ANSWER_SECONDS))) {
        log.warn("QEMU's trial does not end; it may still write to {}", data);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Raises UNSUPPORTED when there is no QEMU. */
  HypervisorFacts facts() {
    boolean accelerated = accelerator() == Accelerator.KVM;
    return new HypervisorFacts("qemu", await(version), accelerated, OVERHEAD_BYTES);
  }

  Accelerator accelerator() {
    return await(accelerator);
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new DriverException(Reason.UNSUPPORTED, "QEMU does not work here: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted while QEMU was tried", e);
    }
  }

  private void findOut() {
    try {
      boolean mayWork = Files.isReadable(KVM) && Files.isWritable(KVM);
      if (!mayWork) {
        accelerator.complete(Accelerator.TCG);
      }
      version.complete(readVersion());
      if (mayWork) {
        accelerator.complete(remembered());
      }
    } catch (IOException | DriverException | CompletionException e) {
      version.completeExceptionally(e);
      accelerator.completeExceptionally(e);
    }
  }

  private String readVersion() throws IOException {
    Process process = new ProcessBuilder(program.toString(), "--version").start();
    try (BufferedReader answer = process.inputReader(StandardCharsets.UTF_8)) {
      String line = answer.readLine();
      Matcher matcher = VERSION.matcher(line == null ? "" : line);
      return matcher.find() ? matcher.group(1) : "unknown";
    } finally {
      process.destroyForcibly();
    }
  }

  private Accelerator remembered() throws IOException {
    Path memory = data.resolve("accelerator");
    String key = System.getProperty("os.version") + " qemu-" + await(version);
    for (Accelerator known : Accelerator.values()) {
      if (Files.exists(memory) && Files.readString(memory).equals(key + " " + known)) {
        return known;
      }
    }
    Accelerator found = trial() ? Accelerator.KVM : Accelerator.TCG;
    log.info(
        "A trial guest under KVM {}", found == Accelerator.KVM ? "ran" : "did not run in time");
    Files.writeString(memory, key + " " + found);
    return found;
  }

  private boolean trial() throws IOException {
    Path disk = Files.createTempFile(data, "trial", ".img");
    try {
      BootSector.writeDisk(disk);
      return runs(program, disk, Accelerator.KVM);
    } finally {
      Files.deleteIfExists(disk);
    }
  }

  /** Whether a guest on the disk says that it is ready before the trial's time is over. */
  static boolean runs(Path program, Path disk, Accelerator accelerator) throws IOException {
    Json.Builder drive =
        Json.object()
            .put("driver", "raw")
            .put("node-name", "trial")
            .put("read-only", true)
            .put(
                "file",
                Json.object()
                    .put("driver", "file")
                    .put("filename", disk.toString())
                    .put("read-only", true)
                    .build());
    Process process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "-nodefaults",
                    "-no-user-config",
                    "-machine",
                    "pc",
                    "-accel",
                    accelerator.option(),
                    "-m",
                    "8",
                    "-display",
                    "none",
                    "-serial",
                    "stdio",
                    "-blockdev",
                    drive.build().write(),
                    "-device",
                    "virtio-blk-pci,drive=trial,bootindex=0"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread limit =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(TRIAL_MILLIS, TimeUnit.MILLISECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try (BufferedReader serial = process.inputReader(StandardCharsets.ISO_8859_1)) {
      String line = serial.readLine();
      while (line != null) {
        if (line.contains(BootSector.READY)) {
          return true;
        }
        line = serial.readLine();
      }
      return false;
    } finally {
      process.destroyForcibly();
      limit.interrupt();
    }
  }
}
