package io.keelson.testkit.box;

import java.nio.file.Files;
import java.nio.file.Path;

/** Which of QEMU's programs are here, for tests that cannot do without. */
public final class Qemu {
  private Qemu() {}

  /** Whether bytes of volumes can be reached. */
  public static boolean reachesVolumes() {
    return Files.isExecutable(Path.of("/usr/bin/qemu-nbd"));
  }

  /** Whether virtual machines can be run too. */
  public static boolean runsMachines() {
    return reachesVolumes() && Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64"));
  }
}
