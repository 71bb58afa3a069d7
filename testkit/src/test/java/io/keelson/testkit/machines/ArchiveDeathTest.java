package io.keelson.testkit.machines;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.machines.Archives.Part;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An import that the server's death cuts off. */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ArchiveDeathTest {

  @Test
  void nothingOfItStays(@TempDir Path scratch) throws IOException {
    try (ServerBox box = ServerBox.real(scratch.resolve("server")).start()) {
      Api api = box.login(Format.JSON_RPC);
      int vms = api.call("VM.get_all").size();
      int vdis = api.call("VDI.get_all").size();
      Set<Path> files = files(box);
      byte[] zeroes = new byte[1 << 20];
      byte[] archive =
          Archives.tar(
              List.of(
                  Part.of("ova.xml", ArchiveTest.OVA),
                  new Part("Ref:3/00000000", zeroes),
                  Part.of("Ref:3/00000000.checksum", ArchiveTest.sha1(zeroes))));
      try (Socket client = new Socket(box.api().getHost(), box.api().getPort())) {
        OutputStream out = client.getOutputStream();
        String head =
            "PUT /import?session_id=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                .formatted(api.session().asString(), archive.length + 1_000_000);
        out.write(head.getBytes(US_ASCII));
        out.write(Arrays.copyOf(archive, archive.length - 1024)); // without its end
        out.flush();
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> !files(box).equals(files));
        box.kill();
      }

      box.start();

      Api again = box.login(Format.JSON_RPC);
      assertThat(again.call("VM.get_all")).hasSize(vms);
      assertThat(again.call("VDI.get_all")).hasSize(vdis);
      for (JsonNode sr : again.call("SR.get_all")) {
        assertThat(again.call("SR.get_current_operations", sr)).isEmpty();
      }
      assertThat(files(box)).isEqualTo(files);
    }
  }

  private static Set<Path> files(ServerBox box) throws IOException {
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      return files.filter(Files::isRegularFile).collect(Collectors.toUnmodifiableSet());
    }
  }
}
