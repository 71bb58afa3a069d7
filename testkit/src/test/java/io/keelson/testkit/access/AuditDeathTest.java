package io.keelson.testkit.access;

import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The audit log of a server that is killed, and what its checker says. */
class AuditDeathTest {
  @TempDir private Path folder;

  @Test
  void everyAnsweredCallIsThereAndTheChainIsWhole() throws IOException, InterruptedException {
    try (ServerBox box = ServerBox.simulated(folder, 1)) {
      for (int run = 0; run < 2; run++) {
        box.start();
        Api api = box.login(Format.JSON_RPC);
        JsonNode vm = new Vms(api).halted();
        for (int i = 0; i < 50; i++) {
          api.call("VM.set_name_label", vm, text("run %d, change %d".formatted(run, i)));
        }
        box.kill();
      }
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        String log = get(box, "/audit_log?session_id=" + api.session().asString()).body();
        for (int i = 0; i < 50; i++) {
          assertThat(log).contains("'run 0, change " + i + "'", "'run 1, change " + i + "'");
        }
        assertThat(log).doesNotContain(ServerBox.PASSWORD, api.session().asString());
        assertThat(
                get(
                        box,
                        "/audit_log?since=2999-01-01T00:00:00Z&session_id="
                            + api.session().asString())
                    .body())
            .isEmpty();
        assertThat(
                get(box, "/audit_log?since=yesterday&session_id=" + api.session().asString())
                    .statusCode())
            .isEqualTo(400);
      }
      assertThat(get(box, "/audit_log").statusCode()).isEqualTo(401);
      box.stop();
      ServerBox.Ran whole = box.run("audit", "verify", "--data", box.data().toString());
      assertThat(whole.output()).contains("nothing was changed");
      assertThat(whole.status()).isZero();
      Path file = file(box);
      String text = Files.readString(file, UTF_8);
      Files.writeString(file, text.replace("'run 0, change 7'", "'run 0, change 8'"), UTF_8);
      long line = text.substring(0, text.indexOf("'run 0, change 7'")).lines().count();
      ServerBox.Ran changed = box.run("audit", "verify", "--data", box.data().toString());
      assertThat(changed.status()).isEqualTo(1);
      assertThat(changed.output()).contains(file.getFileName() + ":" + line + ":");
    }
  }

  private static Path file(ServerBox box) throws IOException {
    try (Stream<Path> files = Files.list(box.data().resolve("audit"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  private static HttpResponse<String> get(ServerBox box, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(box.api().resolve(path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
