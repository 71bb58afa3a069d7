package io.keelson.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.StoreConfig;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of a format that this program does not read are left alone, and said to be what they are.
 */
class StoreFormatTest {
  @TempDir private Path folder;

  @Test
  void anOlderFormatIsNamedAndNotTouched() throws IOException {
    StoreConfig config = new StoreConfig(folder, Derivation.NONE);
    JournaledStore.open(config).close();
    Path file = JournalFolder.identity(folder);
    StoreIdentity made = StoreIdentity.read(file);
    new StoreIdentity(1, made.model(), made.fingerprint(), made.group(), made.peer()).write(file);
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> JournaledStore.open(config).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is of format 1");

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }
}
