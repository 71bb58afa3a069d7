package io.keelson.testkit.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FsckTest {
  @TempDir private Path folder;

  @Test
  void findsNothingWrongWithAServerThatWorkedAndThenWhatWasDamaged() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 2).start()) {
      Api api = box.login(Format.JSON_RPC);
      Vms vms = new Vms(api);
      JsonNode vm = vms.running();
      JsonNode disk = vms.disk();
      api.call("VBD.create", Vms.vbdRecord(vms.halted(), disk, "0"));
      api.call("VM.snapshot", vm, Values.text("before"));

      HttpResponse<String> running = consistency(box.api(), api.session().asString());
      assertThat(running.body()).endsWith("nothing is wrong\n");
      assertThat(running.statusCode()).isEqualTo(200);
      assertThat(consistency(box.api(), "OpaqueRef:nobody").statusCode()).isEqualTo(401);
      leavesAStoreInUseAlone(box);
      box.kill();

      Map<Path, Long> before = sums(box.data().resolve("store"));
      ServerBox.Ran ran = box.run("fsck", "--data", box.data().toString());
      assertThat(ran.output()).containsPattern("looked at \\d+ journal entries and \\d+ objects");
      assertThat(ran.output()).endsWith("nothing is wrong\n");
      assertThat(ran.status()).isZero();
      assertThat(sums(box.data().resolve("store"))).as("nothing is written").isEqualTo(before);
      namesTheFileThatIsDamaged(box);
    }
  }

  private static void leavesAStoreInUseAlone(ServerBox box) {
    ServerBox.Ran ran = box.run("fsck", "--data", box.data().toString());
    assertThat(ran.output()).contains("is in use");
    assertThat(ran.status()).isEqualTo(1);
  }

  private static void namesTheFileThatIsDamaged(ServerBox box) throws IOException {
    Path entries = entries(box.data());
    try (RandomAccessFile file = new RandomAccessFile(entries.toFile(), "rw")) {
      file.seek(200);
      int old = file.read();
      file.seek(200);
      file.write(old ^ 1);
    }
    ServerBox.Ran ran = box.run("fsck", "--data", box.data().toString());
    assertThat(ran.output()).contains(entries + " is damaged at offset");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void looksAtDisks() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start()) {
      Api api = box.login(Format.JSON_RPC); // never logged out: its server dies
      Vms vms = new Vms(api);
      JsonNode disk = vms.disk();
      JsonNode snapshot = api.call("VDI.snapshot", disk);
      String uuid = api.read("VDI.get_uuid", disk);
      String other = api.read("VDI.get_uuid", vms.disk());
      String session = api.session().asString();
      assertThat(consistency(box.api(), "?disks=true", session).body())
          .endsWith("nothing is wrong\n");
      Path link = images(box.data(), uuid);
      Path lone = images(box.data(), other);
      box.kill();
      ServerBox.Ran ran = box.run("fsck", "--data", box.data().toString(), "--disks");
      assertThat(ran.output()).endsWith("nothing is wrong\n");

      try (RandomAccessFile file = new RandomAccessFile(lone.toRealPath().toFile(), "rw")) {
        file.seek(24);
        file.writeLong(8 << 20);
      }
      try (Stream<Path> all = Files.list(link.resolveSibling("images"))) {
        for (Path image : all.toList()) {
          boolean top = image.equals(link.toRealPath()) || image.equals(lone.toRealPath());
          if (!top) {
            Files.delete(image);
          }
        }
      }
      ran = box.run("fsck", "--data", box.data().toString(), "--disks");
      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.output())
          .contains("VDI " + uuid + ": ", "is missing")
          .contains("VDI " + other + ": has an image of 8388608 bytes, and should have 4194304");
      assertThat(box.run("fsck", "--data", box.data().toString()).status()).isZero();
      try (Api again = box.start().login(Format.JSON_RPC)) {
        HttpResponse<String> running =
            consistency(box.api(), "?disks=true", again.session().asString());
        assertThat(running.statusCode()).isEqualTo(409);
        assertThat(running.body()).contains("VDI " + uuid + ": ", "VDI " + other + ": has 8388608");
        assertThat(again.call("VDI.get_snapshot_of", snapshot)).isEqualTo(disk);
      }
    }
  }

  /** The link of a disk, beside which the images are. */
  private static Path images(Path data, String vdi) throws IOException {
    try (Stream<Path> all = Files.walk(data.resolve("sr"))) {
      return all.filter(path -> path.endsWith(vdi + ".qcow2"))
          .filter(Files::isSymbolicLink)
          .findFirst()
          .orElseThrow();
    }
  }

  private static HttpResponse<String> consistency(URI server, String session)
      throws IOException, InterruptedException {
    return consistency(server, "", session);
  }

  private static HttpResponse<String> consistency(URI server, String query, String session)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(server.resolve("/consistency" + query))
              .header("Cookie", "session_id=" + session)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static Path entries(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("store/journal"))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("log_"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Every file and folder with what would show that somebody had been there. */
  private static Map<Path, Long> sums(Path folder) throws IOException {
    Map<Path, Long> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        sums.put(file, Files.getLastModifiedTime(file).toMillis() * 31 + Files.size(file));
      }
    }
    return sums;
  }
}
