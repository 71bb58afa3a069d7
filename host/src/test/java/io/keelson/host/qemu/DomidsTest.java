package io.keelson.host.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that no two runs of domains share. */
class DomidsTest {
  @TempDir private Path folder;

  @Test
  void noNumberIsGivenTwiceWhateverAServerLeaves() throws IOException {
    Path file = folder.resolve("domid");
    Set<Long> given = new HashSet<>();
    for (int server = 0; server < 4; server++) {
      // A server that was killed while it wrote.
      Files.writeString(folder.resolve("domid.new"), "");
      Domids domids = new Domids(file);
      for (int i = 0; i < 70; i++) {
        assertThat(given.add(domids.next())).isTrue();
      }
    }
  }

  @Test
  void onlyAPowerCutEmptiesTheCount() throws IOException {
    Path file = Files.createFile(folder.resolve("domid"));
    assertThat(new Domids(file).next()).isEqualTo(1);
    Files.writeString(file, "many");
    assertThatThrownBy(() -> new Domids(file)).isInstanceOf(DriverException.class);
  }
}
