package io.keelson.host.qemu;

import io.keelson.host.Handover;
import io.keelson.host.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A server that takes over a guest, moves it, and dies on the way as if it were killed. */
final class KilledMigration {
  private static final int KILLED = 137;

  private KilledMigration() {}

  /** Where it dies. */
  enum At {
    /** While the memory goes over and the guest runs on. */
    MEMORY,
    /** When all is over there and the guest stands still. */
    HANDOVER
  }

  /**
   * @param arguments data folder, VM, and where to die
   */
  public static void main(String[] arguments) {
    At at = At.valueOf(arguments[2]);
    QemuCompute compute = QemuCompute.open(Path.of(arguments[0]));
    compute.adopt(Guests.HOST);
    Progress progress =
        new Progress() {
          @Override
          public void report(double fraction) {
            dieIf(at == At.MEMORY);
          }

          @Override
          public boolean cancelled() {
            dieIf(at == At.MEMORY);
            return false;
          }
        };
    Handover handover =
        new Handover() {
          @Override
          public void commit() {
            dieIf(at == At.HANDOVER);
          }

          @Override
          public void rollback() {}
        };
    compute.migrate(
        Guests.HOST, UUID.fromString(arguments[1]), Guests.HOST, List.of(), handover, progress);
  }

  private static void dieIf(boolean now) {
    if (now) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  /** Runs it in a process of its own until it is dead. */
  static int run(Path data, UUID vm, At at) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledMigration.class.getName(),
            data.toString(),
            vm.toString(),
            at.name())
        .inheritIO()
        .start()
        .waitFor();
  }
}
