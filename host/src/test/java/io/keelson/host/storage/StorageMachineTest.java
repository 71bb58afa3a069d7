package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of repositories that ask much of the kernel, with one that can do it. */
final class StorageMachineTest {
  @TempDir Path folder;

  @Test
  void disksLiveInVolumeGroupsOnLunsAndOnShares() throws Exception {
    assertThat(DebianMachine.run(folder, StorageInMachine.class))
        .contains(
            "passed: lvmoiscsi\r\n",
            "passed: lvm\r\n",
            "passed: smb\r\n",
            "the program ended with 0");
  }
}
