package io.keelson.testkit.transfers;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Blobs over the real wire, on a server that dies in between. */
class BlobTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void blobsAreKept() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 1).start()) {
      byte[] bytes = bytes(3_000_000);
      JsonNode blob;
      try (Api api = box.login(Format.JSON_RPC)) {
        blob = uploads(box, api, bytes);
        owners(box, api);
        refusals(box, api);
        cutOff(box, api, blob);
      }
      Api dying = box.login(Format.JSON_RPC); // never logged out: its server dies
      try (RawHttp raw = new RawHttp(box.api())) {
        raw.send(head(dying, blob, "HTTP/1.1", "Content-Length: 5000000\r\n"));
        raw.send("x".repeat(2_000_000));
        await().until(() -> files(box).size() == 2);
        box.kill();
      }
      Files.writeString(box.data().resolve("blobs/stray"), "nobody's");
      try (Api api = box.start().login(Format.JSON_RPC)) {
        assertThat(get(box, api, blob).body()).isEqualTo(bytes);
        assertThat(files(box)).hasSize(1);
      }
    }
  }

  private JsonNode uploads(ServerBox box, Api api, byte[] bytes) throws Exception {
    JsonNode blob = api.call("blob.create", text(""), NO);
    assertThat(api.read("blob.get_mime_type", blob)).isEqualTo("application/octet-stream");
    assertThat(get(box, api, blob).body()).isEmpty();
    HttpResponse<byte[]> sent = put(box, api, blob, BodyPublishers.ofByteArray(bytes(10)));
    assertThat(sent.statusCode()).isEqualTo(200);
    assertThat(api.call("blob.get_size", blob).asLong()).isEqualTo(10);
    assertThat(api.read("blob.get_last_updated", blob)).doesNotStartWith("1970");
    // In chunks, over what was there, with a task of the client's.
    JsonNode task = api.call("task.create", text("upload"), text(""));
    HttpResponse<byte[]> chunked =
        send(
            HttpRequest.newBuilder(
                    box.api()
                        .resolve(
                            "/blob?uuid="
                                + api.read("blob.get_uuid", blob)
                                + "&task_id="
                                + task.asString()))
                .header("Cookie", "session_id=" + api.session().asString())
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
    assertThat(chunked.statusCode()).isEqualTo(200);
    assertThat(api.read("task.get_status", task)).isEqualTo("success");
    assertThat(api.call("blob.get_size", blob).asLong()).isEqualTo(bytes.length);
    assertThat(get(box, api, blob).body()).isEqualTo(bytes);
    assertThat(files(box)).hasSize(1);
    // HTTP/1.0 with no length: until the client sends no more.
    JsonNode old = api.call("blob.create", text("text/plain"), YES);
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(head(api, old, "HTTP/1.0", ""));
      raw.send("until the end");
    }
    await().until(() -> api.call("blob.get_size", old).asLong() == 13);
    HttpResponse<byte[]> anyone =
        send(
            HttpRequest.newBuilder(
                    box.api().resolve("/blob?uuid=" + api.read("blob.get_uuid", old)))
                .GET());
    assertThat(anyone.statusCode()).isEqualTo(200);
    assertThat(anyone.headers().firstValue("content-type")).contains("text/plain");
    assertThat(anyone.body()).asString().isEqualTo("until the end");
    api.call("blob.destroy", old);
    assertThat(files(box)).hasSize(1);
    return blob;
  }

  /** An object's blobs have names of their own, and go with it. */
  private void owners(ServerBox box, Api api) throws Exception {
    try (Vms vms = new Vms(api)) {
      JsonNode vm = vms.halted();
      JsonNode icon = api.call("VM.create_new_blob", vm, text("icon"), text("image/png"), NO);
      assertThat(api.refusal("VM.create_new_blob", vm, text("icon"), text(""), NO))
          .isEqualTo(List.of("MAP_DUPLICATE_KEY", "VM", "blobs", vm.asString(), "icon"));
      JsonNode notes = api.call("VM.create_new_blob", vm, text("notes"), text(""));
      assertThat(api.call("VM.get_blobs", vm).size()).isEqualTo(2);
      api.call("blob.destroy", notes);
      assertThat(api.call("VM.get_blobs", vm).get("icon")).isEqualTo(icon);
      assertThat(api.call("VM.get_blobs", vm).size()).isEqualTo(1);
      put(box, api, icon, BodyPublishers.ofString("a picture"));
      assertThat(files(box)).hasSize(2);
      api.call("VM.destroy", vm);
      assertThat(api.refusal("blob.get_size", icon).getFirst()).isEqualTo("HANDLE_INVALID");
      api.call("blob.destroy", api.call("blob.create", text(""), NO)); // has the files looked at
      assertThat(files(box)).hasSize(1);
    }
    JsonNode pool = api.call("pool.get_all").get(0);
    JsonNode network = api.call("network.get_all").get(0);
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode sr = api.call("SR.get_all").get(0);
    for (JsonNode made :
        List.of(
            api.call("pool.create_new_blob", pool, text("a"), text(""), NO),
            api.call("network.create_new_blob", network, text("a"), text(""), NO),
            api.call("host.create_new_blob", host, text("a"), text(""), NO),
            api.call("SR.create_new_blob", sr, text("a"), text(""), NO))) {
      api.call("blob.destroy", made);
    }
    assertThat(api.call("SR.get_blobs", sr)).isEmpty();
    JsonNode passing = new Vms(api).network("passing");
    JsonNode map = api.call("network.create_new_blob", passing, text("map"), text(""), NO);
    api.call("network.destroy", passing);
    assertThat(api.refusal("blob.get_size", map).getFirst()).isEqualTo("HANDLE_INVALID");
  }

  private void refusals(ServerBox box, Api api) throws Exception {
    assertThat(get(box, api, text("OpaqueRef:none")).statusCode()).isEqualTo(404);
    assertThat(get(box, api, text("none")).statusCode()).isEqualTo(404);
    assertThat(put(box, api, text("none"), BodyPublishers.noBody()).statusCode()).isEqualTo(404);
    JsonNode hidden = api.call("blob.create", text(""), NO);
    JsonNode open = api.call("blob.create", text(""), YES);
    for (String path : List.of("/blob?ref=" + hidden.asString(), "/blob?ref=none", "/blob")) {
      HttpResponse<byte[]> nobody = send(HttpRequest.newBuilder(box.api().resolve(path)).GET());
      assertThat(nobody.statusCode()).as(path).isEqualTo(401);
    }
    HttpResponse<byte[]> written =
        send(
            HttpRequest.newBuilder(box.api().resolve("/blob?ref=" + open.asString()))
                .PUT(BodyPublishers.ofString("x")));
    assertThat(written.statusCode()).isEqualTo(401);
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(head(api, open, "HTTP/1.1", "Content-Length: 4000000000000000\r\n"));
      assertThat(raw.response().status()).isEqualTo(507);
    }
    api.call("blob.destroy", hidden);
    api.call("blob.destroy", open);
  }

  /** A client that goes away before the end changes nothing. */
  private void cutOff(ServerBox box, Api api, JsonNode blob) throws Exception {
    long before = api.call("blob.get_size", blob).asLong();
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(head(api, blob, "HTTP/1.1", "Content-Length: 5000000\r\n"));
      raw.send("x".repeat(1_000_000));
      await().until(() -> files(box).size() == 2);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> files(box).size() == 1);
    assertThat(api.call("blob.get_size", blob).asLong()).isEqualTo(before);
  }

  private static String head(Api api, JsonNode blob, String version, String headers) {
    return "PUT /blob?ref="
        + blob.asString()
        + "&session_id="
        + api.session().asString()
        + " "
        + version
        + "\r\nHost: h\r\n"
        + headers
        + "\r\n";
  }

  private static List<Path> files(ServerBox box) throws IOException {
    try (Stream<Path> files = Files.list(box.data().resolve("blobs"))) {
      return files.toList();
    }
  }

  private HttpResponse<byte[]> get(ServerBox box, Api api, JsonNode blob) throws Exception {
    return send(request(box, api, blob).GET());
  }

  private HttpResponse<byte[]> put(ServerBox box, Api api, JsonNode blob, BodyPublisher body)
      throws Exception {
    return send(request(box, api, blob).PUT(body));
  }

  private static HttpRequest.Builder request(ServerBox box, Api api, JsonNode blob) {
    String path = "/blob?ref=" + blob.asString() + "&session_id=" + api.session().asString();
    return HttpRequest.newBuilder(box.api().resolve(path));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofByteArray());
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
