package io.keelson.testkit.metrics;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;

/** One VM with a drive and a network card, and all that is measured of it, its host and its SR. */
@RunsOn(hosts = 1, shared = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatisticsTest {
  private static final Duration TWO_READINGS = Duration.ofSeconds(60);

  private final Api api;
  private final Vms vms;
  private final Pages pages;
  private final JsonNode host;
  private final JsonNode sr;
  private final JsonNode vm;
  private final JsonNode halted;
  private final String uuid;

  StatisticsTest(ServerBox box) {
    api = box.login(Format.JSON_RPC);
    vms = new Vms(api);
    pages = new Pages(box);
    host = api.call("host.get_all").get(0);
    sr = vms.defaultSr();
    halted = vms.halted();
    vm = vms.halted();
    vms.drive(vm, vms.disk(), "0");
    api.call("VIF.create", Vms.vifRecord(vm, vms.network("n"), "1", ""));
    uuid = api.read("VM.get_uuid", vm);
  }

  @BeforeAll
  void runForTwoReadings() {
    vms.start(vm);
    await()
        .atMost(TWO_READINGS)
        .until(() -> known(api.call("VM.query_data_source", vm, text("vbd_xvda_read"))));
  }

  /** JSON-RPC has a text for what is no number. */
  private static boolean known(JsonNode value) {
    return value.isNumber();
  }

  @AfterAll
  void tidy() {
    vms.close();
    api.close();
  }

  private Map<String, JsonNode> sources(String kind, JsonNode object) {
    return api.call(kind + ".get_data_sources", object)
        .valueStream()
        .collect(Collectors.toMap(s -> s.get("name_label").asString(), s -> s));
  }

  private JsonNode source(String kind, JsonNode object, String name) {
    return Optional.ofNullable(sources(kind, object).get(name)).orElseThrow();
  }

  @Test
  void sourcesHaveTheNamesThatClientsKnow() {
    assertThat(sources("VM", vm).keySet())
        .contains(
            "cpu0",
            "cpu_usage",
            "memory",
            "memory_target",
            "vif_1_rx",
            "vif_1_tx",
            "vif_1_rx_errors",
            "vbd_xvda_read",
            "vbd_xvda_write",
            "vbd_xvda_read_latency",
            "vbd_xvda_iops_total",
            "vbd_xvda_io_throughput_total");
    String short8 = api.read("SR.get_uuid", sr).substring(0, 8);
    assertThat(sources("host", host).keySet())
        .contains(
            "cpu0",
            "cpu15",
            "cpu_avg",
            "loadavg",
            "memory_total_kib",
            "memory_free_kib",
            "memory_reclaimed",
            "running_domains",
            "running_vcpus",
            "pif_eth0_rx",
            "pif_eth0_tx",
            "pif_aggr_rx",
            "xapi_open_fds",
            "pool_session_count",
            "read_" + short8,
            "iops_total_" + short8)
        .doesNotContain("cpu16", "Tapdisks_in_low_memory_mode");
    assertThat(sources("SR", sr).keySet())
        .contains("size", "physical_utilisation", "virtual_allocation");
  }

  @Test
  void sourceSaysWhatItMeasures() {
    JsonNode read = source("VM", vm, "vbd_xvda_read");
    assertThat(read.get("units").asString()).isEqualTo("B/s");
    assertThat(read.get("enabled")).isEqualTo(YES);
    assertThat(read.get("standard")).isEqualTo(YES);
    assertThat(read.get("min").asDouble()).isZero();
    assertThat(read.get("value").asDouble()).isPositive();
    JsonNode rare = source("VM", vm, "vbd_xvda_iops_read");
    assertThat(rare.get("standard")).isEqualTo(NO);
    assertThat(rare.get("value").asDouble()).isBetween(10.0, 30.0);
    assertThat(source("VM", vm, "cpu0").get("max").asDouble()).isEqualTo(1);
  }

  @Test
  void choicesDecideWhatIsRecorded() {
    JsonNode name = text("vbd_xvda_iops_read");
    api.call("VM.record_data_source", vm, name);
    assertThat(source("VM", vm, "vbd_xvda_iops_read").get("enabled")).isEqualTo(YES);
    api.call("VM.forget_data_source_archives", vm, name);
    assertThat(source("VM", vm, "vbd_xvda_iops_read").get("enabled")).isEqualTo(NO);
    api.call("SR.forget_data_source_archives", sr, text("size"));
    assertThat(source("SR", sr, "size").get("enabled")).isEqualTo(NO);
    assertThat(Pages.texts(Pages.xml(dump("sr_rrd", "SR", sr)), "name")).doesNotContain("size");
    api.call("SR.record_data_source", sr, text("size"));
    assertThat(source("SR", sr, "size").get("enabled")).isEqualTo(YES);
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThat(api.refusal("VM.query_data_source", vm, text("cpu9")))
        .containsExactly("INVALID_VALUE", "data_source", "cpu9");
    assertThat(api.refusal("host.record_data_source", host, text("nonsense")))
        .containsExactly("INVALID_VALUE", "data_source", "nonsense");
    assertThat(api.refusal("SR.forget_data_source_archives", sr, text("nonsense")))
        .containsExactly("INVALID_VALUE", "data_source", "nonsense");
    assertThat(api.refusal("VM.query_data_source", halted, text("cpu0")))
        .containsExactly("VM_BAD_POWER_STATE", halted.asString(), "running", "halted");
    assertThat(api.call("VM.get_data_sources", halted)).isEmpty();
    assertThat(api.refusal("host.get_data_sources", text("OpaqueRef:no")))
        .containsExactly("HANDLE_INVALID", "host", "OpaqueRef:no");
  }

  @Test
  void metricsObjectsFollow() {
    JsonNode vbd = api.call("VBD.get_metrics", api.call("VM.get_VBDs", vm).get(0));
    await()
        .atMost(TWO_READINGS)
        .until(() -> api.call("VBD_metrics.get_io_read_kbs", vbd).asDouble() > 1);
    JsonNode vif = api.call("VIF.get_metrics", api.call("VM.get_VIFs", vm).get(0));
    await()
        .atMost(TWO_READINGS)
        .until(() -> api.call("VIF_metrics.get_io_read_kbs", vif).asDouble() > 0);
    JsonNode eth0 =
        api.call("PIF.get_all_records_where", text("field \"device\"=\"eth0\""))
            .valueStream()
            .findFirst()
            .orElseThrow();
    JsonNode pif = eth0.get("metrics");
    await()
        .atMost(TWO_READINGS)
        .until(() -> api.call("PIF_metrics.get_io_write_kbs", pif).asDouble() > 0);
    JsonNode metrics = api.call("VM.get_metrics", vm);
    assertThat(api.call("VM_metrics.get_VCPUs_utilisation", metrics).get("0").asDouble())
        .isBetween(0.01, 0.1);
  }

  private HttpResponse<String> dump(String path, String kind, JsonNode object) {
    return pages.get(api, "/" + path + "?uuid=" + api.read(kind + ".get_uuid", object));
  }

  @Test
  void archiveIsInTheFormOfRoundRobinDatabases() {
    Element rrd = Pages.xml(dump("vm_rrd", "VM", vm));
    assertThat(rrd.getTagName()).isEqualTo("rrd");
    assertThat(Pages.shape(rrd)).containsExactly("version", "step", "lastupdate", "ds", "rra");
    assertThat(Pages.texts(rrd, "version")).containsExactly("0003");
    assertThat(Pages.texts(rrd, "pdp_per_row")).containsExactly("1", "12", "720", "17280");
    assertThat(Pages.texts(rrd, "cf")).containsOnly("AVERAGE");
    assertThat(Pages.texts(rrd, "row")).hasSize(120 + 120 + 168 + 366);
    Element ds = (Element) rrd.getElementsByTagName("ds").item(0);
    assertThat(Pages.shape(ds))
        .containsExactly(
            "name", "type", "minimal_heartbeat", "min", "max", "last_ds", "value", "unknown_sec");
    Element rra = (Element) rrd.getElementsByTagName("rra").item(0);
    assertThat(Pages.shape(rra))
        .containsExactly("cf", "pdp_per_row", "params", "cdp_prep", "database");
    JsonNode json = Pages.json(pages.get(api, "/vm_rrd?json=true&uuid=" + uuid));
    assertThat(json.get("rra")).hasSize(4);
    assertThat(json.get("rra").get(0).get("database")).hasSize(120);
    assertThat(Pages.texts(Pages.xml(pages.get(api, "/host_rrd")), "name")).contains("cpu_avg");
    assertThat(pages.get(api, "/vm_rrd?uuid=00000000-0000-0000-0000-000000000000").statusCode())
        .isEqualTo(404);
    assertThat(pages.get(api, "/vm_rrd").statusCode()).isEqualTo(400);
    assertThat(pages.get(api, "/vm_rrd?uuid=../../etc/passwd").statusCode()).isEqualTo(400);
  }

  @Test
  void updatesAreRowsOfTheNewestFirst() {
    String page = "/rrd_updates?start=-60&host=true&sr_uuid=all";
    String space = "AVERAGE:sr:" + api.read("SR.get_uuid", sr) + ":size";
    // A repository that was slow to answer is measured the next time.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Pages.texts(Pages.xml(pages.get(api, page)), "entry").contains(space));
    Element all = Pages.xml(pages.get(api, page));
    assertThat(all.getTagName()).isEqualTo("xport");
    assertThat(Pages.shape(all)).containsExactly("meta", "data");
    assertThat(Pages.shape((Element) all.getElementsByTagName("meta").item(0)))
        .containsExactly("start", "step", "end", "rows", "columns", "legend");
    List<String> legend = Pages.texts(all, "entry");
    assertThat(legend)
        .contains(
            "AVERAGE:vm:" + uuid + ":cpu0",
            "AVERAGE:host:" + api.read("host.get_uuid", host) + ":cpu_avg",
            space);
    List<Long> times = Pages.texts(all, "t").stream().map(Long::valueOf).toList();
    assertThat(times).isSortedAccordingTo((a, b) -> Long.compare(b, a)).isNotEmpty();
    assertThat(Pages.texts(all, "step")).containsExactly("5");
    assertThat(Pages.texts(all, "end")).containsExactly(times.getFirst().toString());
    assertThat(Pages.texts(all, "columns")).containsExactly(Integer.toString(legend.size()));
    assertThat(Pages.texts(all, "v")).hasSize(legend.size() * times.size());
  }

  @Test
  void updatesAreOfWhatIsAskedFor() {
    JsonNode one = Pages.json(pages.get(api, "/rrd_updates?start=-60&json&vm_uuid=" + uuid));
    assertThat(Values.strings(one.get("meta").get("legend")))
        .isNotEmpty()
        .allMatch(entry -> entry.startsWith("AVERAGE:vm:" + uuid + ":"));
    JsonNode row = one.get("data").get(0);
    assertThat(row.get("t").isNumber()).isTrue();
    assertThat(row.get("values").get(0).isString()).isTrue();
    JsonNode minutes =
        Pages.json(
            pages.get(
                "/rrd_updates?start=-7000&cf=AVERAGE&session_id=" + api.session().asString(),
                "Accept",
                "application/json"));
    assertThat(minutes.get("meta").get("step").asInt()).isEqualTo(60);
    assertThat(
            Pages.json(pages.get(api, "/rrd_updates?start=-9&cf=MIN&json=true"))
                .get("meta")
                .get("legend"))
        .isEmpty();
  }

  @Test
  void updatesThatSayNothingOfTheirStartAreRefused() {
    assertThat(pages.get(api, "/rrd_updates").statusCode()).isEqualTo(400);
    assertThat(pages.get(api, "/rrd_updates?start=x").statusCode()).isEqualTo(400);
    assertThat(pages.get(api, "/rrd_updates?start=1&cf=SUM").statusCode()).isEqualTo(400);
    assertThat(pages.get(api, "/rrd_updates?start=1&interval=-5").statusCode()).isEqualTo(400);
    HttpResponse<String> stranger = pages.get("/rrd_updates?start=1");
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(realm -> assertThat(realm).contains("Basic"));
    assertThat(pages.asRoot("/rrd_updates?start=-10").statusCode()).isEqualTo(200);
  }

  @Test
  void prometheusGetsEverythingByUuidAndName() {
    api.call("VM.set_name_label", vm, text("odd \"name\"\\"));
    assertThat(pages.get("/metrics").statusCode()).isEqualTo(401);
    String text = pages.asRoot("/metrics").body();
    String labels = "{uuid=\"" + uuid + "\",name=\"odd \\\"name\\\"\\\\\"";
    assertThat(text)
        .contains("keelson_http_connections ")
        .contains("keelson_vm_cpu_seconds_total" + labels + ",cpu=\"0\"} ")
        .contains("keelson_vm_vbd_read_bytes_total" + labels + ",device=\"xvda\"} ")
        .contains("keelson_vm_power_state" + labels + ",state=\"running\"} 1\n")
        .contains("keelson_host_memory_free_bytes{")
        .contains("keelson_sr_size_bytes{uuid=\"" + api.read("SR.get_uuid", sr));
    List<String> helps = text.lines().filter(line -> line.startsWith("# TYPE")).toList();
    assertThat(helps).doesNotHaveDuplicates();
  }

  @Test
  void healthIsToldInDetail() {
    assertThat(pages.get("/health").statusCode()).isEqualTo(401);
    HttpResponse<String> well = pages.asRoot("/health");
    assertThat(well.statusCode()).isEqualTo(200);
    assertThat(Pages.json(well).get("healthy")).isEqualTo(YES);
    assertThat(Pages.json(well).get("checks").size()).isGreaterThan(4);
    api.call("host.disable", host);
    HttpResponse<String> ill = pages.asRoot("/health");
    api.call("host.enable", host);
    assertThat(ill.statusCode()).isEqualTo(503);
    assertThat(ill.body()).contains("the host is disabled");
  }
}
