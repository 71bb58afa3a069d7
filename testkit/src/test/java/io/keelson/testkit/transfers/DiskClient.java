package io.keelson.testkit.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/** What a client sends of disks and fetches: over one server, in one session. */
final class DiskClient {
  static final int MIB = 1 << 20;
  static final int SIZE = 4 * MIB;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ServerBox box;
  private final Api api;

  DiskClient(ServerBox box, Api api) {
    this.box = box;
    this.api = api;
  }

  /** To be added to the parameters of a path. */
  String session() {
    return "&session_id=" + api.session().asString();
  }

  HttpResponse<byte[]> put(String path, byte[] bytes) throws Exception {
    URI target = box.api().resolve(path + session());
    return send(HttpRequest.newBuilder(target).PUT(BodyPublishers.ofByteArray(bytes)));
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return send(
        HttpRequest.newBuilder(box.api().resolve(path))
            .header("Cookie", "session_id=" + api.session().asString())
            .GET());
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofByteArray());
  }

  static String body(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Half of it nothing, the rest no order. */
  static byte[] image(int seed) {
    byte[] bytes = new byte[SIZE];
    byte[] part = new byte[SIZE / 4 + 777];
    new Random(seed).nextBytes(part);
    System.arraycopy(part, 0, bytes, 0, SIZE / 8);
    System.arraycopy(part, 0, bytes, SIZE / 2 + 12_345, part.length);
    return bytes;
  }

  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
