package io.keelson.host.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  private static final String NAME = "memory.sock";

  @TempDir private Path place;

  /** The longest paths that an address can have, and those beyond. */
  @ParameterizedTest
  @ValueSource(ints = {104, 105, 106, 107, 108, 109})
  void socketsAreReachedHoweverLongTheirPathIs(int length) throws Exception {
    int more = length - (place + "//" + NAME).length();
    Path folder = Files.createDirectory(place.resolve("x".repeat(more)));
    assertThat(folder.resolve(NAME).toString()).hasSize(length);
    Process process = new ProcessBuilder("sleep", "60").directory(folder.toFile()).start();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path socket = new RunFolder(folder).socket(NAME, process.pid());
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThat(folder.resolve(NAME)).exists();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
