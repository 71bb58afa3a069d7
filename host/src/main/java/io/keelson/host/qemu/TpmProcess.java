package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The swtpm process that plays a domain's TPM. It lives beside QEMU in the domain's folder,
 * outlives the server as QEMU does, and ends by itself when QEMU has gone.
 *
 * <p>It finds what the TPM remembers through a link in the domain's folder. Where a machine arrives
 * that moves from one process to another, the link first leads to a folder of the new process's
 * own: two processes must not write the same.
 */
final class TpmProcess {
  private static final String SOCKET = RunFolder.TPM;
  private static final long LOOK_AGAIN_NANOS = 200_000;

  private TpmProcess() {}

  /** Starts the process and waits until QEMU can connect to it. */
  static void start(QemuSettings settings, RunFolder folder) {
    List<String> arguments =
        List.of(
            "socket",
            "--tpm2",
            "--tpmstate",
            "dir=" + RunFolder.TPM_STATE + ",mode=0600",
            "--ctrl",
            "type=unixio,path=" + SOCKET + ",mode=0600",
            "--terminate");
    QemuProcess process = QemuProcess.start(settings.tpm(), arguments, folder, RunFolder.TPM_LOG);
    long end = System.nanoTime() + settings.start().toNanos();
    while (!Files.exists(folder.path().resolve(SOCKET))) {
      if (process.gone() || System.nanoTime() > end) {
        process.kill();
        throw new DriverException(
            Reason.FAILED, "swtpm did not start: " + folder.log(RunFolder.TPM_LOG));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Ends the process of a domain at once, so that it writes nothing more. */
  static void kill(QemuSettings settings, RunFolder folder) {
    find(folder)
        .ifPresent(process -> {
          process.kill();
          if (!process.awaitGone(settings.command())) {
            throw new DriverException(
                Reason.FAILED,
                "swtpm's process " + process.pid() + " does not end, even when killed");
          }
        });
  }

  /** Waits until the process of a domain whose QEMU has gone has ended, or ends it. */
  static void awaitEnd(QemuSettings settings, RunFolder folder) {
    if (!find(folder).map(process -> process.awaitGone(settings.command())).orElse(true)) {
      kill(settings, folder);
    }
  }

  private static Optional<QemuProcess> find(RunFolder folder) {
    Path domains = folder.path().getParent();
    return domains == null
        ? Optional.empty()
        : Optional.ofNullable(
            QemuProcess.running(
                    domains, (_, arguments) -> arguments.contains("swtpm\0socket\0--tpm2\0"))
                .get(folder));
  }
}
