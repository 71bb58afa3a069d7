package io.keelson.control.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Vm;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.store.StoreException;
import io.keelson.store.codec.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that waits is done as a whole, wherever the power fails while it is. */
class PendingRestoreTest {
  private static final List<String> PARTS =
      List.of(
          "store",
          "root-password",
          "tls",
          "trust/certificates",
          "trust/lists",
          "blobs",
          "patches/files");

  @TempDir private Path folder;

  @Test
  void everyCutIsMendedByTheNextStart() throws IOException {
    for (int done = 0; done <= PARTS.size(); done++) {
      for (boolean half : new boolean[] {false, true}) {
        Path data = folder.resolve(done + "-" + half);
        lay(data, "old");
        lay(data.resolve("restore"), "new");
        Files.createDirectories(data.resolve("before-restore/older"));
        Files.createDirectories(data.resolve("restore.partial/store"));
        Path replaced = data.resolve("restore/replaced");
        for (int i = 0; i < done; i++) {
          String part = PARTS.get(i);
          DurableFiles.move(data.resolve(part), replaced.resolve(part));
          DurableFiles.move(data.resolve("restore").resolve(part), data.resolve(part));
        }
        if (half && done < PARTS.size()) {
          DurableFiles.move(data.resolve(PARTS.get(done)), replaced.resolve(PARTS.get(done)));
        } else if (half) {
          DurableFiles.removeTree(data.resolve("before-restore"));
          DurableFiles.move(replaced, data.resolve("before-restore"));
        }
        PendingRestore.apply(data);
        expect(data, "new");
        expect(data.resolve("before-restore"), "old");
        assertThat(data.resolve("before-restore/older")).doesNotExist();
        assertThat(data.resolve("restore")).doesNotExist();
        assertThat(data.resolve("restore.partial")).doesNotExist();
        PendingRestore.apply(data);
        expect(data, "new");
      }
    }
  }

  private static void lay(Path data, String what) throws IOException {
    for (String part : PARTS) {
      if (part.equals("root-password")) {
        Files.writeString(data.resolve(part), what);
      } else {
        Files.writeString(Files.createDirectories(data.resolve(part)).resolve(what), what);
      }
    }
  }

  private static void expect(Path data, String what) throws IOException {
    for (String part : PARTS) {
      if (part.equals("root-password")) {
        assertThat(data.resolve(part)).hasContent(what);
      } else {
        try (var files = Files.list(data.resolve(part))) {
          assertThat(files.map(f -> f.getFileName().toString()).filter(n -> !n.equals("lock")))
              .as(part)
              .containsExactly(what);
        }
      }
    }
  }

  @Test
  void aRestoreThatWasNotWholeIsForgottenAndOneUnderARunningServerWaits() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    StoreConfig config = new StoreConfig(data.resolve("store"), Derivation.NONE);
    try (Store store = JournaledStore.open(config)) {
      store.change(tx -> tx.create(ApiModel.VM, Vm.builder().nameLabel("kept").build()));
      Files.createDirectories(data.resolve("restore.partial/blobs"));
      assertThatThrownBy(() -> PendingRestore.apply(data)).isInstanceOf(StoreException.class);
      assertThat(data.resolve("restore.partial/blobs")).exists();
    }
    PendingRestore.apply(data);
    assertThat(data.resolve("restore.partial")).doesNotExist();
    try (Store store = JournaledStore.open(config)) {
      assertThat(store.snapshot().rows(ApiModel.VM)).hasSize(1);
    }
  }
}
