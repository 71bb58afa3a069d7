package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds {@code lvm} and {@code lvmoiscsi} with a kernel that can do all that they need. */
final class LvmMachineTest {
  @TempDir Path folder;

  @Test
  void volumesLiveOnLocalDevicesAndOnLuns() throws Exception {
    assertThat(DebianMachine.run(folder, LvmInMachine.class))
        .contains("passed: lvm\r\n", "passed: lvmoiscsi\r\n", "the program ended with 0");
  }
}
