package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.time.Duration;

/**
 * Ends the process of a run, and the one of its TPM beside it. What that means for the domain is
 * decided before, by {@link LiveDomain#end}; the run's folder stays.
 */
final class ProcessEnd {
  private static final Duration EXIT = Duration.ofSeconds(30);

  private ProcessEnd() {}

  /** Ends it at once. One that keeps reads writes down first what it has kept. */
  static void stop(LiveDomain domain) {
    boolean keeps =
        domain.record().spec().disks().stream()
            .flatMap(disk -> disk.source().stream())
            .anyMatch(source -> source.reads().isPresent());
    if (keeps) {
      quit(domain);
    } else {
      kill(domain);
    }
  }

  /** Has QEMU end by itself, which writes down what it has yet to write; else kills it. */
  static void quit(LiveDomain domain) {
    try {
      domain.execute("quit");
    } catch (DriverException _) {
      // It has gone already, or does not listen: the kill is next.
    }
    if (!domain.process().awaitGone(domain.settings().command())) {
      kill(domain);
    }
  }

  /** Kills it and waits until it is gone. */
  static void kill(LiveDomain domain) {
    QemuProcess process = domain.process();
    process.kill();
    if (!process.awaitGone(EXIT)) {
      throw new DriverException(
          Reason.FAILED, "QEMU's process " + process.pid() + " does not end, even when killed");
    }
    awaitTpm(domain);
    domain.close();
  }

  /** Ends the process of the TPM at once, so that this run's TPM remembers nothing more. */
  static void killTpm(LiveDomain domain) {
    if (hasTpm(domain)) {
      TpmProcess.kill(domain.settings(), domain.folder());
    }
  }

  /** Waits until the process of the TPM has ended, as it does after QEMU's. */
  static void awaitTpm(LiveDomain domain) {
    if (hasTpm(domain)) {
      TpmProcess.awaitEnd(domain.settings(), domain.folder());
    }
  }

  private static boolean hasTpm(LiveDomain domain) {
    return domain.record().spec().tpm().isPresent();
  }
}
