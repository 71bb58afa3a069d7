package io.keelson.host.storage;

import static io.keelson.host.storage.Raised.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.keelson.host.Storage;
import io.keelson.host.StorageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which shares are refused before the kernel is asked, and what a machine without it says. */
final class SmbShareTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path data;
  private final UUID sr = UUID.randomUUID();

  private Storage storage(String type) {
    return Objects.requireNonNull(Storages.local(data).get(type));
  }

  @Test
  void onlyTheNameOfAShareWillDo() {
    assertThat(fault(() -> storage("smb").create(HOST, sr, Map.of(), 0)))
        .isEqualTo(StorageFault.SERVER_MISSING);
    for (String share :
        List.of("files", "//files", "//files/", "/files/share", "//a b/c", "//-o,x")) {
      assertThat(fault(() -> storage("smb").create(HOST, sr, Map.of("server", share), 0)))
          .isEqualTo(StorageFault.SMB_MOUNT);
    }
  }

  @Test
  void withoutTheKernelsClientThereIsNone() {
    assumeFalse(
        Requirements.fileSystem("cifs") && Requirements.has("mount.cifs"), "the kernel speaks SMB");
    Map<String, String> config =
        Map.of("server", "\\\\files\\vms", "username", "LAB\\ann", "password", "secret");
    assertThat(fault(() -> storage("smb").create(HOST, sr, config, 0)))
        .isEqualTo(StorageFault.UNAVAILABLE);
    Map<String, String> library = Map.of("location", "//files/isos", "type", "cifs");
    assertThat(fault(() -> storage("iso").create(HOST, sr, library, 0)))
        .isEqualTo(StorageFault.UNAVAILABLE);
    assertThat(Files.exists(data.resolve("passwords"))).isFalse();
  }
}
