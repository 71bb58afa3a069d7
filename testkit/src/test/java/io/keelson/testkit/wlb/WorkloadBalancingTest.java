package io.keelson.testkit.wlb;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.access.TestAuthority;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Pools and their workload balancing server. */
class WorkloadBalancingTest {
  private static final String NOT_INITIALIZED = "WLB_NOT_INITIALIZED";

  @TempDir private static Path folder;

  private static ServerBox box;

  private final TestAuthority authority = new TestAuthority("Authority of a balancing server");
  private final List<JsonNode> hosts = new ArrayList<>();
  private BalancingServer balancer;
  private Api api;
  private Vms vms;
  private JsonNode pool;

  @BeforeAll
  static void startServer() {
    box = ServerBox.simulated(folder, 3).start();
  }

  @AfterAll
  static void endServer() {
    box.close();
  }

  @BeforeEach
  void start() throws Exception {
    balancer = new BalancingServer(authority.serving(authority.server(1)));
    api = box.login(Format.XML_RPC);
    vms = new Vms(api);
    pool = api.call("pool.get_all").get(0);
    api.call("host.get_all").forEach(hosts::add);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.answer("pool.deconfigure_wlb");
    api.call("pool.set_wlb_verify_cert", pool, NO);
    api.call("pool.set_other_config", pool, map(Map.of()));
    api.call("message.get_all").forEach(message -> api.call("message.destroy", message));
    api.close();
    balancer.close();
  }

  @Test
  void aPoolIsSetUpAndCutOffAgain() {
    assertThat(api.refusal("pool.retrieve_wlb_configuration")).containsExactly(NOT_INITIALIZED);
    assertThat(api.refusal("pool.deconfigure_wlb")).containsExactly(NOT_INITIALIZED);
    int secrets = api.call("secret.get_all").size();
    initialize();
    BalancingServer.Request added = balancer.asked("AddXenServer").getFirst();
    assertThat(added.members())
        .containsEntry("UserName", "root")
        .containsEntry("Password", "a&b]]>c")
        .containsEntry("PoolUuid", api.read("pool.get_uuid", pool))
        .containsEntry("XenServerUrl", box.tls().orElseThrow() + "/");
    assertThat(api.read("pool.get_wlb_url", pool)).isEqualTo(balancer.url());
    assertThat(api.read("pool.get_wlb_username", pool)).isEqualTo(BalancingServer.USER);
    assertThat(api.call("pool.get_record", pool).has("wlb_password")).isFalse();
    assertThat(api.call("pool.get_record", pool).toString())
        .doesNotContain(BalancingServer.PASSWORD);
    initialize();
    assertThat(api.call("secret.get_all")).hasSize(secrets + 1);

    api.call("pool.send_wlb_configuration", map(Map.of("HostCpuThresholdCritical", "0.9")));
    assertThat(api.call("pool.retrieve_wlb_configuration"))
        .isEqualTo(map(Map.of("HostCpuThresholdCritical", "0.9")));
    box.stop();
    box.start();
    api = box.login(Format.JSON_RPC);
    assertThat(api.call("pool.retrieve_wlb_configuration"))
        .as("the login is known after a restart")
        .isEqualTo(map(Map.of("HostCpuThresholdCritical", "0.9")));

    api.call("pool.deconfigure_wlb");
    assertThat(balancer.asked("RemoveXenServer")).hasSize(1);
    assertThat(api.read("pool.get_wlb_url", pool)).isEmpty();
    assertThat(api.read("pool.get_wlb_username", pool)).isEmpty();
    assertThat(api.call("secret.get_all")).hasSize(secrets);
    vms = new Vms(api);
  }

  @Test
  void whatTheServerSaysOfVmsAndHostsIsHandedOn() {
    initialize();
    JsonNode vm = vms.halted();
    assertThat(api.refusal("pool.retrieve_wlb_recommendations")).containsExactly("WLB_DISABLED");
    assertThat(api.refusal("VM.retrieve_wlb_recommendations", vm)).containsExactly("WLB_DISABLED");
    api.call("pool.set_wlb_enabled", pool, YES);
    recommendStars(Map.of(0, "1.5", 2, "4"));
    JsonNode stars = api.call("VM.retrieve_wlb_recommendations", vm);
    assertThat(strings(stars.get(hosts.get(0).asString()))).containsExactly("WLB", "1.5", "10");
    assertThat(strings(stars.get(hosts.get(1).asString())))
        .containsExactly("WLB", "0.0", "11", "HostNotPoweredOn");
    assertThat(strings(stars.get(hosts.get(2).asString()))).containsExactly("WLB", "4", "12");
    assertThat(balancer.asked("VMGetRecommendations").getFirst().members())
        .containsEntry("VmUuid", api.read("VM.get_uuid", vm));

    balancer.answers("GetOptimizationRecommendations", "");
    assertThat(api.call("pool.retrieve_wlb_recommendations")).isEmpty();
    balancer.answers(
        "GetOptimizationRecommendations",
        """
        <OptimizationId>5</OptimizationId><Recommendations>
          <PoolOptimizationRecommendation><VmToMoveUuid>%s</VmToMoveUuid>
            <MoveToHostUuid>%s</MoveToHostUuid><Reason>Cpu</Reason>
            <RecommendationId>3</RecommendationId></PoolOptimizationRecommendation>
          <PoolOptimizationRecommendation><VmToMoveUuid/><MoveFromHostUuid>%s</MoveFromHostUuid>
            <Reason>PowerOff</Reason><RecommendationId>4</RecommendationId>
          </PoolOptimizationRecommendation></Recommendations>
        """
            .formatted(api.read("VM.get_uuid", vm), uuid(1), uuid(2)));
    JsonNode moves = api.call("pool.retrieve_wlb_recommendations");
    assertThat(strings(moves.get(vm.asString()))).containsExactly("WLB", uuid(1), "5", "3", "Cpu");
    assertThat(moves).hasSize(2);
    assertThat(moves.valueStream().map(Values::strings).toList())
        .contains(List.of("WLB", uuid(2), "5", "4", "PowerOff"));
  }

  @Test
  void vmsStartWhereTheServerRecommends() {
    initialize();
    api.call("pool.set_wlb_enabled", pool, YES);
    for (int best : List.of(1, 2, 0)) {
      recommendStars(Map.of(best, "4.5", (best + 1) % 3, "2"));
      assertThat(started()).isEqualTo(hosts.get(best));
    }
    recommendStars(Map.of(1, "4.5", 2, "3"));
    api.call("host.disable", hosts.get(1));
    assertThat(started()).as("the best that can").isEqualTo(hosts.get(2));
    api.call("host.enable", hosts.get(1));
    assertThat(alerts()).isEmpty();

    balancer.answersRaw("VMGetRecommendations", "nothing that is XML");
    JsonNode vm = vms.running();
    assertThat(alerts()).hasSize(1);
    JsonNode alert = alerts().getFirst();
    assertThat(alert.get("cls").asString()).isEqualTo("VM");
    assertThat(alert.get("obj_uuid").asString()).isEqualTo(api.read("VM.get_uuid", vm));
    assertThat(alert.get("priority").asInt()).isEqualTo(3);

    int asked = balancer.asked("VMGetRecommendations").size();
    api.call("pool.add_to_other_config", pool, text("wlb_choose_host_disable"), text("true"));
    vms.running();
    assertThat(balancer.asked("VMGetRecommendations")).hasSize(asked);
    assertThat(alerts()).hasSize(1);
  }

  @Test
  void hostsAreLeftForWhereTheServerRecommends() {
    JsonNode vm = vms.halted();
    JsonNode other = vms.halted();
    api.call("VM.start_on", vm, hosts.get(0), NO, NO);
    api.call("VM.start_on", other, hosts.get(0), NO, NO);
    initialize();
    api.call("pool.set_wlb_enabled", pool, YES);
    recommendLeaving(vm, 2, 21);
    JsonNode advice = api.call("host.retrieve_wlb_evacuate_recommendations", hosts.get(0));
    assertThat(strings(advice.get(vm.asString()))).containsExactly("WLB", uuid(2), "21");
    assertThat(strings(advice.get(other.asString()))).startsWith("WLB").endsWith("0");
    api.call("host.disable", hosts.get(0));
    api.call("host.evacuate", hosts.get(0));
    api.call("host.enable", hosts.get(0));
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(hosts.get(2));
    assertThat(alerts()).isEmpty();

    recommendLeaving(vm, 1, 22);
    assertThat(api.finish("Async.host.evacuate", hosts.get(2)).get("status"))
        .isEqualTo(text("success"));
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(hosts.get(1));

    balancer.goAway();
    api.call("host.evacuate", hosts.get(1));
    assertThat(api.call("VM.get_resident_on", vm)).isNotEqualTo(hosts.get(1));
    assertThat(alerts()).hasSize(1);
    assertThat(alerts().getFirst().get("obj_uuid").asString()).isEqualTo(uuid(1));
  }

  @Test
  void reportsAndDiagnosticsAreHandedThrough() throws Exception {
    assertThat(get("/wlb_report?report=pool_health").body()).startsWith(NOT_INITIALIZED);
    initialize();
    assertThat(get("/wlb_report").statusCode()).isEqualTo(400);
    String rows =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "<Table1><Name>" + i + " &amp; more</Name></Table1>")
            .collect(Collectors.joining("\r\n", "<NewDataSet>", "</NewDataSet>"));
    balancer.answers("ExecuteReport", "<XmlDataSet>" + escaped(rows) + "</XmlDataSet>");
    HttpResponse<String> report =
        get("/wlb_report?report=pool_health&LocaleCode=en&Start=-10&Filter=a%26b");
    assertThat(report.statusCode()).isEqualTo(200);
    assertThat(report.body()).isEqualTo(rows);
    assertThat(balancer.asked("ExecuteReport").getFirst().members())
        .containsEntry("ReportName", "pool_health")
        .containsEntry("LocaleCode", "en")
        .containsEntry("Start", "-10")
        .containsEntry("Filter", "a&b")
        .doesNotContainKey("session_id");
    balancer.answers("GetDiagnostics", "<DiagnosticData>all &lt;is&gt; well</DiagnosticData>");
    assertThat(get("/wlb_diagnostics").body()).isEqualTo("all <is> well");

    balancer.answers("ExecuteReport", "<ResultCode>4007</ResultCode>");
    assertThat(get("/wlb_report?report=x").body()).startsWith("WLB_INTERNAL_ERROR\n4007");
    balancer.answersRaw("ExecuteReport", "<a><XmlDataSet>cut off");
    assertThat(get("/wlb_report?report=x").body())
        .startsWith("WLB_MALFORMED_RESPONSE\nExecuteReport");
  }

  @Test
  void whatGoesWrongIsSaid() throws IOException {
    for (String url : List.of("", "host", "host:0", "host:99999", "a b:1", "u@h:1", "h:1/x?")) {
      assertThat(initialize(url, BalancingServer.PASSWORD)).containsExactly("WLB_URL_INVALID", url);
    }
    assertThat(initialize(balancer.url(), "wrong")).containsExactly("WLB_AUTHENTICATION_FAILED");
    assertThat(initialize("nowhere.invalid:1", "")).containsExactly("WLB_UNKNOWN_HOST");
    api.call("pool.set_wlb_verify_cert", pool, YES);
    assertThat(initialize(balancer.url(), BalancingServer.PASSWORD)).startsWith("SSL_VERIFY_ERROR");
    String url;
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      url = "127.0.0.1:" + socket.getLocalPort();
      api.call("pool.add_to_other_config", pool, text("wlb_timeout"), text("0.5"));
      assertThat(initialize(url, "")).containsExactly("WLB_TIMEOUT", "0.5");
      Thread.ofVirtual().start(() -> hangUp(socket));
      api.call("pool.set_other_config", pool, map(Map.of()));
      assertThat(initialize(url, "")).containsExactly("WLB_CONNECTION_RESET");
    }
    assertThat(initialize(url, "")).containsExactly("WLB_CONNECTION_REFUSED");
    assertThat(api.read("pool.get_wlb_url", pool)).as("nothing was set up").isEmpty();
  }

  @Test
  void certificatesAreCheckedAgainstWhatIsInstalled() throws Exception {
    api.call("pool.set_wlb_verify_cert", pool, YES);
    api.call("pool.certificate_install", text("balancing"), text(authority.pem()));
    initialize();
    api.call("pool.certificate_uninstall", text("balancing"));
    assertThat(api.refusal("pool.retrieve_wlb_configuration")).startsWith("SSL_VERIFY_ERROR");
  }

  @Test
  void answersAreNotTakenOnTrust() {
    initialize();
    api.call("pool.set_wlb_enabled", pool, YES);
    JsonNode vm = vms.halted();
    String method = "VMGetRecommendations";
    balancer.answersRaw(
        method, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x><Body>&e;</Body></x>");
    assertMalformed(vm);
    balancer.answersRaw(method, "<x>".repeat(200) + "</x>".repeat(200));
    assertMalformed(vm);
    balancer.answersRaw(method, "<x>" + "a".repeat(9 << 20) + "</x>");
    assertMalformed(vm);
    balancer.answers(method, "<Recommendations><R/></Recommendations>");
    assertMalformed(vm);
    recommendStars(Map.of(0, "many"));
    assertMalformed(vm);
    balancer.answersRaw(
        method,
        "<Envelope><Body><Fault><Reason><Text>out of order</Text></Reason></Fault></Body></Envelope>");
    assertThat(api.refusal("VM.retrieve_wlb_recommendations", vm))
        .containsExactly("WLB_INTERNAL_ERROR", "Exception:", "out of order");
    balancer.answers(method, "<ResultCode>4</ResultCode><ErrorMessage>bad</ErrorMessage>");
    assertThat(api.refusal("VM.retrieve_wlb_recommendations", vm))
        .containsExactly("WLB_INTERNAL_ERROR", "4", "bad");
  }

  private void assertMalformed(JsonNode vm) {
    assertThat(api.refusal("VM.retrieve_wlb_recommendations", vm))
        .hasSize(4)
        .startsWith("WLB_MALFORMED_RESPONSE", "VMGetRecommendations");
  }

  private void initialize() {
    api.call(
        "pool.initialize_wlb",
        text(balancer.url()),
        text(BalancingServer.USER),
        text(BalancingServer.PASSWORD),
        text("root"),
        text("a&b]]>c"));
  }

  private List<String> initialize(String url, String password) {
    return api.refusal(
        "pool.initialize_wlb",
        text(url),
        text(BalancingServer.USER),
        text(password),
        text("root"),
        text("x"));
  }

  /** Stars by the number of the host; the others have none. */
  private void recommendStars(Map<Integer, String> stars) {
    balancer.answers(
        "VMGetRecommendations",
        IntStream.range(0, hosts.size())
            .mapToObj(i ->
                "<R><HostUuid>%s</HostUuid><RecommendationId>%d</RecommendationId>%s</R>"
                    .formatted(
                        uuid(i),
                        10 + i,
                        stars.containsKey(i)
                            ? "<Stars>" + stars.get(i) + "</Stars>"
                            : "<ZeroScoreReason>HostNotPoweredOn</ZeroScoreReason>"))
            .collect(Collectors.joining("", "<Recommendations>", "</Recommendations>")));
  }

  private void recommendLeaving(JsonNode vm, int to, int id) {
    balancer.answers(
        "HostGetRecommendations",
        """
        <CanPlaceAllVMs>true</CanPlaceAllVMs><Recommendations><HostEvacuationRecommendation>
          <HostUuid>%s</HostUuid><RecommendationId>%d</RecommendationId><VmUuid>%s</VmUuid>
        </HostEvacuationRecommendation></Recommendations>
        """
            .formatted(uuid(to), id, api.read("VM.get_uuid", vm)));
  }

  private JsonNode started() {
    return api.call("VM.get_resident_on", vms.running());
  }

  private List<JsonNode> alerts() {
    return api.call("message.get_all_records")
        .valueStream()
        .filter(m -> m.get("name").asString().equals("WLB_CONSULTATION_FAILED"))
        .toList();
  }

  private String uuid(int host) {
    return api.read("host.get_uuid", hosts.get(host));
  }

  private HttpResponse<String> get(String path) throws Exception {
    String separator = path.contains("?") ? "&" : "?";
    URI uri = box.api().resolve(path + separator + "session_id=" + api.session().asString());
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#xD;");
  }

  private static void hangUp(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket _ = socket.accept()) {
        // Whoever connects is cut off.
      } catch (IOException _) {
        return;
      }
    }
  }
}
