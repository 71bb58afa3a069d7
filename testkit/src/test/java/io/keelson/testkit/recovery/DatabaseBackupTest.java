package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.list;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The database as a file: saved, tried, refused and put back. */
class DatabaseBackupTest {
  private static final String STRANGE = "two\nlines, a \"quote\", it's <odd> & \\ \u00e9\u4e2d";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void whatWasSavedIsPutBackAndWhatIsDamagedIsRefused() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 2).with("KEELSON_AGENT_PAUSE", "1").start()) {
      JsonNode vm;
      String saved;
      JsonNode before;
      try (Api api = box.login(Format.JSON_RPC)) {
        vm = api.call("VM.create", Vms.vmRecord("saved", 32));
        api.call("VM.set_name_description", vm, text(STRANGE));
        api.call("VM.set_tags", vm, list(text("it's"), text("a\\b")));
        api.call("VM.set_other_config", vm, map(Map.of("k'1", STRANGE, "", "")));
        before = api.call("VM.get_all_records");
        saved = get(box, api);
        assertThat(saved)
            .contains("<database><manifest>", "<table name=\"VM\">", "name__label=\"saved\"");
        refused(box, api, saved);
        assertThat(api.call("VM.get_all_records")).isEqualTo(before);

        api.call("VM.destroy", vm);
        JsonNode later = api.call("VM.create", Vms.vmRecord("later", 32));
        assertThat(put(box, api, saved, "&dry_run=true").statusCode()).isEqualTo(200);
        assertThat(api.read("VM.get_name_label", later)).isEqualTo("later");
        unknownVm(box, api, saved);
        HttpResponse<String> answer = put(box, api, saved, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        awaitRestart(box, api);
      }
      try (Api api = box.login(Format.JSON_RPC)) {
        assertThat(api.call("VM.get_by_name_label", text("later"))).isEmpty();
        assertThat(api.call("VM.get_record", vm)).isEqualTo(before.get(vm.asString()));
        api.call("VM.start", vm, NO, NO);
        assertThat(api.call("host.get_all")).hasSize(2);
      }
      box.kill();
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        assertThat(api.read("VM.get_name_description", vm)).isEqualTo(STRANGE);
      }
    }
  }

  private void refused(ServerBox box, Api api, String saved) throws Exception {
    String uuid = "uuid=\"" + api.read("pool.get_uuid", api.call("pool.get_all").get(0)) + '"';
    JsonNode host = api.call("host.get_all").get(0);
    Map<String, String> damaged =
        Map.of(
            saved.substring(0, saved.length() / 2),
            "RESTORE_SCRIPT_FAILED",
            "no database at all",
            "RESTORE_SCRIPT_FAILED",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" + "<database>&b;</database>",
            "RESTORE_SCRIPT_FAILED",
            saved.replace(
                "key=\"schema_minor_vsn\" value=\"", "key=\"schema_minor_vsn\" value=\"9"),
            "RESTORE_INCOMPATIBLE_VERSION",
            saved.replace("value=\"Keelson\"", "value=\"Another\""),
            "RESTORE_INCOMPATIBLE_VERSION",
            saved.replace("name__label=\"saved\"", "no__column=\"saved\""),
            "RESTORE_SCRIPT_FAILED",
            saved.replace(uuid, uuid + " default_SR=\"OpaqueRef:dead\""),
            "RESTORE_SCRIPT_FAILED",
            saved.replaceAll("suspend_image_SR=\"[^\"]+\"", "suspend_image_SR=\"OpaqueRef:dead\""),
            "HANDLE_INVALID");
    for (Map.Entry<String, String> each : damaged.entrySet()) {
      for (String dry : List.of("", "&dry_run=true")) {
        HttpResponse<String> answer = put(box, api, each.getKey(), dry);
        assertThat(answer.statusCode()).as(each.getValue()).isGreaterThanOrEqualTo(400);
        assertThat(answer.body()).startsWith(each.getValue());
      }
    }
    assertThat(api.call("host.get_all")).contains(host);
  }

  /** A VM that runs and is not in the file would be nobody's. */
  private void unknownVm(ServerBox box, Api api, String saved) throws Exception {
    JsonNode vm = api.call("VM.create", Vms.vmRecord("unknown", 32));
    api.call("VM.start", vm, NO, NO);
    for (String dry : List.of("", "&dry_run=true")) {
      assertThat(put(box, api, saved, dry).body())
          .contains("RESTORE_SCRIPT_FAILED", api.read("VM.get_uuid", vm));
    }
    api.call("VM.hard_shutdown", vm);
  }

  private static void awaitRestart(ServerBox box, Api api) {
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode before = api.call("host.get_other_config", host).get("agent_start_time");
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> !api.call("host.get_other_config", host).get("agent_start_time").equals(before));
    assertThat(box.isAlive()).isTrue();
  }

  private String get(ServerBox box, Api api) throws Exception {
    HttpResponse<String> answer =
        client.send(request(box, api, "").GET().build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> put(ServerBox box, Api api, String body, String more)
      throws IOException, InterruptedException {
    return client.send(
        request(box, api, more).PUT(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(ServerBox box, Api api, String more) {
    return HttpRequest.newBuilder(
        box.api().resolve("/pool/xmldbdump?session_id=" + api.session().asString() + more));
  }
}
