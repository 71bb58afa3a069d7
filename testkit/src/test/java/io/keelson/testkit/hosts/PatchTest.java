package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.image.tar.TarWriter;
import io.keelson.store.codec.DurableFiles;
import io.keelson.testkit.access.TestAuthority;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Patches that an authority of the test has signed, put in force on this machine. */
@RunsOn(hosts = 0, shared = false)
class PatchTest {
  @TempDir private Path folder;

  private final TestAuthority authority = new TestAuthority("Makers of patches");
  private final TestAuthority.Issued maker = authority.server(1);
  private final String uuid = UUID.randomUUID().toString();
  private final ServerBox box;
  private final JsonNode host;
  private Api api;

  PatchTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.host = api.call("host.get_all").get(0);
  }

  @BeforeEach
  void believe() throws Exception {
    Path keys = Files.createDirectories(box.data().resolve("patches/keys"));
    Files.writeString(keys.resolve("makers.pem"), TestAuthority.pem(maker.certificate()));
  }

  @AfterEach
  void end() {
    api.call("host.get_patches", host).forEach(patch -> api.call("host_patch.destroy", patch));
    api.call("pool_patch.get_all").forEach(patch -> api.call("pool_patch.destroy", patch));
    api.close();
  }

  @Test
  void aSignedPatchIsPutInForceOnce() throws Exception {
    Path witness = folder.resolve("witness");
    byte[] patch =
        signed(
            manifest("after-apply-guidance: restartHost restartXAPI\nversion: 1.2"),
            Map.of(
                "precheck", "#!/bin/sh\necho looked at $KEELSON_PATCH_UUID\n",
                "apply", "#!/bin/sh\ncat data/new > " + witness + "\necho done\n",
                "data/new", "patched"));
    JsonNode ref = text(uploaded(patch));
    JsonNode record = api.call("pool_patch.get_record", ref);
    assertThat(record.get("uuid").asString()).isEqualTo(uuid);
    assertThat(record.get("name_label").asString()).isEqualTo("a patch");
    assertThat(record.get("size").asInt()).isEqualTo(patch.length);
    assertThat(strings(record.get("after_apply_guidance")))
        .containsExactlyInAnyOrder("restartHost", "restartXAPI");
    assertThat(refusedUpload(patch)).containsExactly("PATCH_ALREADY_EXISTS", uuid);
    assertThat(download().body()).isEqualTo(patch);

    assertThat(api.read("pool_patch.precheck", ref, host)).isEqualTo("looked at " + uuid + "\n");
    assertThat(witness).doesNotExist();
    assertThat(api.read("pool_patch.apply", ref, host)).isEqualTo("done\n");
    assertThat(witness).hasContent("patched");
    JsonNode state = api.call("host.get_patches", host).get(0);
    JsonNode applied = api.call("host_patch.get_record", state);
    assertThat(applied.get("applied").asBoolean()).isTrue();
    assertThat(applied.get("pool_patch")).isEqualTo(ref);
    assertThat(applied.get("timestamp_applied").asString()).startsWith("20");
    assertThat(api.refusal("pool_patch.apply", ref, host))
        .containsExactly("PATCH_ALREADY_APPLIED", ref.asString());
    assertThat(api.refusal("host_patch.apply", state)).startsWith("PATCH_ALREADY_APPLIED");
    assertThat(api.refusal("pool_patch.destroy", ref)).containsExactly("PATCH_IS_APPLIED");
    api.call("pool_patch.pool_apply", ref);
    assertThat(api.call("pool_patch.get_pool_applied", ref).asBoolean()).isTrue();

    api.call("host_patch.destroy", state);
    assertThat(download().statusCode()).isNotEqualTo(200);
    assertThat(api.refusal("pool_patch.apply", ref, host)).containsExactly("CANNOT_FIND_PATCH");
    assertThat(uploaded(patch)).as("it comes again").isEqualTo(ref.asString());
    api.call("pool_patch.pool_apply", ref);
    assertThat(api.call("host.get_patches", host)).hasSize(1);
    for (String clean : List.of("pool_patch.clean", "pool_patch.pool_clean")) {
      api.call(clean, ref);
    }
    api.call("pool_patch.clean_on_host", ref, host);
    api.call("host_patch.destroy", api.call("host.get_patches", host).get(0));
    api.call("pool_patch.destroy", ref);
    assertThat(api.call("pool_patch.get_all")).isEmpty();
    assertThat(box.data().resolve("patches/runs")).isEmptyDirectory();
    assertThat(box.data().resolve("patches/files")).isEmptyDirectory();
  }

  @Test
  void nothingRunsThatNobodyBelievedHasSigned() throws Exception {
    Map<String, String> files = Map.of("apply", "#!/bin/sh\n");
    byte[] patch = signed(manifest(""), files);
    byte[] changed = patch.clone();
    int at = new String(patch, UTF_8).lastIndexOf("#!/bin/sh");
    changed[at + 9] = ' ';
    for (byte[] bad :
        List.of(
            changed,
            "no archive".getBytes(UTF_8),
            new byte[0],
            archive(Map.of("content.tar", content(manifest(""), files))),
            sealed(content(manifest(""), files), authority.server(2)))) {
      assertThat(refusedUpload(bad)).containsExactly("INVALID_PATCH");
    }
    for (String lines :
        List.of("uuid: twice", "unknown: x", "after-apply-guidance: pray", "no-running-vms: 7")) {
      assertThat(refusedUpload(signed(manifest(lines), files)))
          .startsWith("INVALID_PATCH_WITH_LOG")
          .hasSize(2);
    }
    assertThat(refusedUpload(signed(manifest(""), Map.of("other", ""))))
        .startsWith("INVALID_PATCH_WITH_LOG");
    assertThat(api.call("pool_patch.get_all")).isEmpty();

    JsonNode ref = text(uploaded(patch));
    Files.write(box.data().resolve("patches/files").resolve(uuid), changed);
    assertThat(api.refusal("pool_patch.apply", ref, host)).containsExactly("INVALID_PATCH");
    Files.write(box.data().resolve("patches/files").resolve(uuid), patch);
    cannotBeUnpacked(ref);
    Files.delete(box.data().resolve("patches/keys/makers.pem"));
    assertThat(api.refusal("pool_patch.apply", ref, host)).containsExactly("INVALID_PATCH");
    assertThat(api.call("host.get_patches", host)).isEmpty();
    api.call("pool_patch.destroy", ref);
  }

  /** Something is where the server is to make a folder; what that is, is not the caller's. */
  private void cannotBeUnpacked(JsonNode ref) throws Exception {
    Path runs = box.data().resolve("patches/runs");
    DurableFiles.removeTree(runs);
    Files.createFile(runs);
    assertThat(api.refusal("pool_patch.precheck", ref, host))
        .startsWith("PATCH_PRECHECK_FAILED_UNKNOWN_ERROR", ref.asString())
        .noneMatch(said -> said.contains(box.data().toString()) || said.contains("Exception"));
    Files.delete(runs);
  }

  @Test
  void aHostThatDoesNotFitStaysAsItIs() throws Exception {
    Path witness = folder.resolve("witness");
    Map<String, String> files = Map.of("apply", "#!/bin/sh\ntouch " + witness + "\n");
    String other = UUID.randomUUID().toString();
    assertRefused(
        signed(manifest("requires: " + other), files),
        "PATCH_PRECHECK_FAILED_PREREQUISITE_MISSING",
        other);
    assertRefused(
        signed(manifest("server-version: 0.0.*"), files),
        "PATCH_PRECHECK_FAILED_WRONG_SERVER_VERSION",
        "0.0.*");
    assertRefused(
        signed(manifest("required-space: 900000000000000000"), files),
        "PATCH_PRECHECK_FAILED_OUT_OF_SPACE",
        "900000000000000000");
    assertRefused(
        signed(
            manifest(""),
            Map.of("apply", files.get("apply"), "precheck", "#!/bin/sh\necho no; exit 3\n")),
        "PATCH_PRECHECK_FAILED_UNKNOWN_ERROR",
        "no\n");
    assertThat(witness).doesNotExist();
    JsonNode ref = text(uploaded(signed(manifest(""), failing())));
    assertThat(api.refusal("pool_patch.apply", ref, host))
        .containsExactly("PATCH_APPLY_FAILED", "half\n");
    assertThat(api.refusal("pool_patch.pool_apply", ref)).startsWith("PATCH_APPLY_FAILED");
    assertThat(api.call("pool_patch.get_pool_applied", ref).asBoolean()).isFalse();
    assertThat(api.call("host.get_patches", host)).isEmpty();
    api.call("pool_patch.destroy", ref);
  }

  @Test
  void aPatchGoesOnWhenTheServerDiesAndIsKnownAfterwards() throws Exception {
    Path begun = folder.resolve("begun");
    Path go = folder.resolve("go");
    String script =
        "#!/bin/sh\ntouch %s\nwhile [ ! -e %s ]; do sleep 0.1; done\n".formatted(begun, go);
    JsonNode ref = text(uploaded(signed(manifest(""), Map.of("apply", script))));
    JsonNode task = api.call("Async.pool_patch.apply", ref, host);
    await().until(() -> Files.exists(begun));
    assertThat(api.refusal("pool_patch.apply", ref, host))
        .startsWith("OTHER_OPERATION_IN_PROGRESS", "pool_patch", ref.asString());
    assertThat(api.refusal("pool_patch.destroy", ref)).startsWith("OTHER_OPERATION_IN_PROGRESS");
    box.kill();
    box.start();
    api = box.login(Format.JSON_RPC);
    assertThat(api.call("host.get_patches", host)).isEmpty();
    assertThat(api.read("task.get_status", task)).isEqualTo("failure");
    assertThat(api.refusal("pool_patch.apply", ref, host))
        .as("it still runs")
        .startsWith("OTHER_OPERATION_IN_PROGRESS");
    Files.createFile(go);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.call("host.get_patches", host).size() == 1);
    assertThat(api.refusal("pool_patch.apply", ref, host)).startsWith("PATCH_ALREADY_APPLIED");
    await().untilAsserted(() -> assertThat(box.data().resolve("patches/runs")).isEmptyDirectory());
  }

  private static Map<String, String> failing() {
    return Map.of("apply", "#!/bin/sh\necho half; exit 1\n");
  }

  private void assertRefused(byte[] patch, String code, String last) throws Exception {
    JsonNode ref = text(uploaded(patch));
    for (String message : List.of("pool_patch.precheck", "pool_patch.apply")) {
      assertThat(api.refusal(message, ref, host)).startsWith(code, ref.asString()).endsWith(last);
    }
    api.call("pool_patch.destroy", ref);
  }

  private String manifest(String more) {
    return "uuid: " + uuid + "\nname-label: a patch\nname-description: of a test\n" + more + "\n";
  }

  private byte[] signed(String manifest, Map<String, String> files) throws Exception {
    return sealed(content(manifest, files), maker);
  }

  private static byte[] content(String manifest, Map<String, String> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    tar.file("manifest", manifest.getBytes(UTF_8));
    for (Map.Entry<String, String> file : files.entrySet()) {
      tar.file(file.getKey(), file.getValue().getBytes(UTF_8));
    }
    tar.end();
    return out.toByteArray();
  }

  private static byte[] sealed(byte[] content, TestAuthority.Issued by) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by.keys().getPrivate());
    signature.update(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    tar.file("signature", signature.sign());
    tar.file("content.tar", content);
    tar.end();
    return out.toByteArray();
  }

  private static byte[] archive(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      tar.file(file.getKey(), file.getValue());
    }
    tar.end();
    return out.toByteArray();
  }

  /** The reference of the patch that an upload makes, as the upload's task has it. */
  private String uploaded(byte[] patch) throws Exception {
    HttpResponse<byte[]> answer = put(patch);
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    String task = answer.headers().firstValue("Task-id").orElseThrow();
    return api.read("task.get_result", text(task)).replaceAll("<[^>]*>", "");
  }

  private List<String> refusedUpload(byte[] patch) throws Exception {
    HttpResponse<byte[]> answer = put(patch);
    assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
    return new String(answer.body(), UTF_8).lines().toList();
  }

  private HttpResponse<byte[]> put(byte[] patch) throws Exception {
    return send(
        HttpRequest.newBuilder(place("/pool_patch_upload?"))
            .PUT(BodyPublishers.ofByteArray(patch))
            .build());
  }

  private HttpResponse<byte[]> download() throws Exception {
    return send(HttpRequest.newBuilder(place("/pool_patch_download?uuid=" + uuid + "&")).build());
  }

  private URI place(String path) {
    return box.api().resolve(path + "session_id=" + api.session().asString());
  }

  private static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.ofByteArray());
    }
  }
}
