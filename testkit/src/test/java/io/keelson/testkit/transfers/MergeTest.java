package io.keelson.testkit.transfers;

import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Images of a disk that are merged, by a QEMU that writes as slowly as the test has it. */
@EnabledIf(value = "io.keelson.testkit.box.Qemu#runsMachines", disabledReason = "no QEMU here")
class MergeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Twice what the image program has under way at a time: it stops half way for its rate. */
  private static final int SIZE = 32 << 20;

  /** How a check ends that finds clusters which nothing refers to. */
  private static final int ONLY_LEAKS = 3;

  @TempDir private Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void aMergeThatIsCancelledLeavesTheDiskAsItWasAndIsMadeUpFor() throws Exception {
    Path slowly = Files.createFile(folder.resolve("slowly"));
    try (ServerBox box =
        ServerBox.real(folder.resolve("server")).with("PATH", path(slowly)).start()) {
      JsonNode vdi;
      byte[] first = image(1);
      byte[] second = first.clone();
      System.arraycopy(image(2), 0, second, 0, SIZE / 2);
      try (Api api = box.login(Format.JSON_RPC)) {
        vdi = api.call("VDI.create", disk(api));
        write(box, api, vdi, first);
        JsonNode snapshot = api.call("VDI.snapshot", vdi);
        write(box, api, vdi, second);
        api.call("VDI.destroy", snapshot);
        cancelMerge(api);
        assertThat(Arrays.equals(read(box, api, vdi), second)).isTrue();
        assertThat(api.call("VDI.get_sm_config", vdi).get("chain-depth")).isEqualTo(text("2"));
        assertSound(box, 2);
      }
      Files.delete(slowly);
      box.kill();
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        await().atMost(PATIENCE).until(() -> api.call("VDI.get_sm_config", vdi).isEmpty());
        assertThat(Arrays.equals(read(box, api, vdi), second)).isTrue();
        assertSound(box, 1);
      }
    }
  }

  private static JsonNode disk(Api api) {
    ObjectNode disk = Vms.vdiRecord(new Vms(api).defaultSr());
    disk.set("virtual_size", number(SIZE));
    return disk;
  }

  /** Waits until a merge has come some way, and cancels it. */
  private static void cancelMerge(Api api) {
    JsonNode task =
        await().atMost(PATIENCE).until(() -> underWay(api), tasks -> !tasks.isEmpty()).getFirst();
    api.call("task.cancel", task);
    await().atMost(PATIENCE).until(() -> api.read("task.get_status", task).equals("cancelled"));
    assertThat(api.call("task.get_error_info", task)).containsExactly(text("TASK_CANCELLED"), task);
  }

  private static List<JsonNode> underWay(Api api) {
    return api.call("task.get_by_name_label", text("Garbage Collection"))
        .valueStream()
        .filter(task -> api.read("task.get_status", task).equals("pending"))
        .filter(task -> isHalfWay(api.call("task.get_progress", task).asDouble()))
        .toList();
  }

  private static boolean isHalfWay(double progress) {
    return progress > 0 && progress < 1;
  }

  /**
   * The search path of a server whose image program merges for minutes while there is a file.
   *
   * @param slowly that file
   */
  private String path(Path slowly) throws IOException {
    String inherited = System.getenv("PATH");
    Path program =
        Stream.of(inherited.split(":"))
            .map(place -> Path.of(place, "qemu-img"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    Path script = Files.createDirectory(folder.resolve("bin")).resolve("qemu-img");
    Files.writeString(
        script,
        """
        #!/bin/sh
        if [ "$1" = commit ] && [ -e '%s' ]; then
          shift
          exec '%s' commit -r 100000 "$@"
        fi
        exec '%2$s' "$@"
        """
            .formatted(slowly, program));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.getParent() + ":" + inherited;
  }

  private void write(ServerBox box, Api api, JsonNode vdi, byte[] bytes) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target(box, api, "/import_raw_vdi", vdi))
            .PUT(BodyPublishers.ofByteArray(bytes));
    send(request);
  }

  private byte[] read(ServerBox box, Api api, JsonNode vdi) throws Exception {
    return send(HttpRequest.newBuilder(target(box, api, "/export_raw_vdi", vdi)));
  }

  private static URI target(ServerBox box, Api api, String path, JsonNode vdi) {
    String session = api.session().asString();
    return box.api().resolve(path + "?vdi=" + vdi.asString() + "&session_id=" + session);
  }

  private byte[] send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    return answer.body();
  }

  /** Space that nobody uses may be left of what was ended, damage may not. */
  private static void assertSound(ServerBox box, int count) throws IOException {
    List<Path> images = images(box);
    assertThat(images).hasSize(count);
    // What was read is closed a little after the last byte.
    for (Path image : images) {
      await().atMost(PATIENCE).until(() -> List.of(0, ONLY_LEAKS).contains(check(image)));
    }
  }

  private static int check(Path image) throws IOException, InterruptedException {
    return new ProcessBuilder("qemu-img", "check", "-q", "-f", "qcow2", image.toString())
        .start()
        .waitFor();
  }

  private static List<Path> images(ServerBox box) throws IOException {
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> file.toString().endsWith(".qcow2"))
          .toList();
    }
  }

  private static byte[] image(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
