package io.keelson.testkit.metrics;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

/** What is recorded outlives the VM's run and the server's, whichever way they end. */
class ArchivesTest {
  private static final String EXTREMES = "create_min_max_in_new_VM_RRDs";
  private static final Duration SOME_READINGS = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static Element dump(ServerBox box, Api api, String uuid) {
    return Pages.xml(new Pages(box).get(api, "/vm_rrd?uuid=" + uuid));
  }

  /** What the finest rows know of all sources, the oldest first. */
  private static List<String> recorded(ServerBox box, Api api, String uuid) {
    Element finest = (Element) dump(box, api, uuid).getElementsByTagName("rra").item(0);
    return Pages.texts(finest, "row").stream()
        .filter(row -> !row.replace("NaN", "").isEmpty())
        .toList();
  }

  /** Simulated VMs end with their server, and are found halted by the next. */
  @Test
  void recordedValuesAndChoicesSurvive() {
    try (ServerBox box = ServerBox.simulated(folder, 1, "--metrics-login", "no")) {
      Api api = box.start().login(Format.JSON_RPC);
      JsonNode pool = api.call("pool.get_all").get(0);
      api.call("pool.set_other_config", pool, map(Map.of(EXTREMES, "true")));
      JsonNode vm = new Vms(api).running();
      String uuid = api.read("VM.get_uuid", vm);
      openToAll(new Pages(box), uuid);
      api.call("VM.get_data_sources", vm);
      api.call("VM.forget_data_source_archives", vm, text("memory_target"));
      await().atMost(SOME_READINGS).until(() -> recorded(box, api, uuid).size() > 2);
      List<String> before = recorded(box, api, uuid);
      api.call("host.backup_rrds", api.call("host.get_all").get(0), real(0));
      box.kill();

      Api second = box.start().login(Format.JSON_RPC);
      assertThat(recorded(box, second, uuid)).startsWith(before.toArray(String[]::new));
      Element kept = dump(box, second, uuid);
      assertThat(Pages.texts(kept, "name")).contains("memory").doesNotContain("memory_target");
      assertThat(Pages.texts(kept, "cf")).hasSize(10).contains("MIN", "MAX");
      new Vms(second).start(vm);
      await()
          .atMost(SOME_READINGS)
          .until(() -> recorded(box, second, uuid).size() > before.size() + 1);
      assertThat(enabled(second, vm, "memory_target")).isEqualTo(NO);
      List<String> more = recorded(box, second, uuid);
      assertThat(box.stop()).isEqualTo(143);

      Api third = box.start().login(Format.JSON_RPC);
      assertThat(recorded(box, third, uuid)).startsWith(more.toArray(String[]::new));
      third.call("VM.destroy", vm);
      await()
          .atMost(SOME_READINGS)
          .until(() -> new Pages(box).get(third, "/vm_rrd?uuid=" + uuid).statusCode() == 404);
      assertThat(box.data().resolve("metrics/vm").toFile().list()).isEmpty();
    }
  }

  /** Figures are for everybody where the operator says so, and what names sessions is not. */
  private static void openToAll(Pages pages, String uuid) {
    await()
        .atMost(SOME_READINGS)
        .until(
            () -> pages.get("/metrics").body().contains("keelson_vm_power_state{uuid=\"" + uuid));
    assertThat(pages.get("/health").statusCode()).isEqualTo(200);
    assertThat(pages.get("/rrd_updates?start=-10").statusCode()).isEqualTo(401);
    assertThat(pages.get("/vm_rrd?uuid=" + uuid).statusCode()).isEqualTo(401);
  }

  private static JsonNode enabled(Api api, JsonNode vm, String name) {
    return api.call("VM.get_data_sources", vm)
        .valueStream()
        .filter(source -> source.get("name_label").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .get("enabled");
  }
}
