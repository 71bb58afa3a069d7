package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keelson.image.tar.TarReader;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a host tells when something is wrong with it. */
@RunsOn(hosts = 1)
class DiagnosticsTest {
  private final ServerBox box;
  private final Api api;
  private final JsonNode host;

  DiagnosticsTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.host = api.call("host.get_all").get(0);
  }

  @AfterEach
  void tidy() {
    api.call("host.set_logging", host, map(Map.of()));
    api.call("host.syslog_reconfigure", host);
    api.close();
  }

  @Test
  void theKernelsLogIsReadAndCleared() {
    api.call("host.send_debug_keys", host, text("mw"));
    String first = api.read("host.dmesg_clear", host);
    assertThat(first).contains("debug keys mw");
    assertThat(api.read("host.dmesg", host)).isEmpty();
    assertThat(api.read("host.get_log", host)).contains("serving XenAPI on http://");
  }

  @Test
  void theLogGoesToAnotherMachineToo() throws IOException {
    try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      other.setSoTimeout(20_000);
      api.call("host.set_logging", host, map(Map.of("syslog_destination", "not a name")));
      assertThat(api.refusal("host.syslog_reconfigure", host))
          .containsExactly("INVALID_VALUE", "logging:syslog_destination", "not a name");
      String destination = "127.0.0.1:" + other.getLocalPort();
      api.call("host.set_logging", host, map(Map.of("syslog_destination", destination)));
      api.call("host.syslog_reconfigure", host);
      DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
      other.receive(packet);
      assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8))
          .matches("(?s)<\\d+>.*keelson: .*" + destination + ".*");
    }
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = box.api().resolve(path + "&session_id=" + api.session().asString());
      return client.send(
          HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static Map<String, String> files(InputStream archive) throws IOException {
    Map<String, String> files = new HashMap<>();
    TarReader tar = new TarReader(archive);
    for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
      files.put(entry.get().name(), new String(tar.contents(1 << 24), UTF_8));
    }
    return files;
  }

  /** As the program says that packs them too. */
  private static byte[] bunzipped(byte[] packed) throws IOException {
    Process bunzip2 = new ProcessBuilder("bzip2", "-dc").start();
    try (OutputStream in = bunzip2.getOutputStream()) {
      in.write(packed);
    }
    return bunzip2.getInputStream().readAllBytes();
  }

  @Test
  void reportsAreFetchedByTheirEntries() throws Exception {
    String capabilities = api.read("host.get_system_status_capabilities", host);
    assertThat(capabilities).contains("key=\"kernel-info\"").contains("key=\"xenserver-logs\"");
    HttpResponse<byte[]> tar = get("/system-status?entries=kernel-info,xenserver-databases");
    assertThat(tar.statusCode()).isEqualTo(200);
    Map<String, String> files = files(new ByteArrayInputStream(tar.body()));
    assertThat(files).containsOnlyKeys("kernel-info/dmesg", "xenserver-databases/objects");
    assertThat(files.get("xenserver-databases/objects")).contains("host 1\n", "pool 1\n");
    HttpResponse<byte[]> zip = get("/system-status?entries=xenserver-logs&output=zip");
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.body()))) {
      assertThat(in.getNextEntry().getName()).isEqualTo("xenserver-logs/server.log");
      assertThat(new String(in.readAllBytes(), UTF_8)).contains("serving XenAPI");
    }
    HttpResponse<byte[]> bzip2 = get("/system-status?entries=kernel-info&output=tar.bz2");
    assertThat(files(new ByteArrayInputStream(bunzipped(bzip2.body()))))
        .containsOnlyKeys("kernel-info/dmesg");
    HttpResponse<byte[]> logs = get("/host_logs_download?x=");
    assertThat(files(new GZIPInputStream(new ByteArrayInputStream(logs.body()))))
        .containsKey("xenserver-logs/server.log");
    assertThat(get("/system-status?entries=nothing").statusCode()).isEqualTo(500);
    assertThat(get("/system-status?output=rar").statusCode()).isEqualTo(500);
  }

  @Test
  void reportsAreSentToWhereTheyAreWanted() throws Exception {
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    HttpServer reader =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    reader.createContext(
        "/reports",
        exchange -> {
          received.add(exchange.getRequestBody().readAllBytes());
          boolean wanted = exchange.getRequestURI().getPath().endsWith("/mine");
          exchange.sendResponseHeaders(wanted ? 201 : 403, -1);
          exchange.close();
        });
    reader.start();
    try {
      String place = "http://127.0.0.1:" + reader.getAddress().getPort() + "/reports/";
      api.call("host.bugreport_upload", host, text(place + "mine"), map(Map.of()));
      byte[] archive = received.poll(10, TimeUnit.SECONDS);
      assertThat(files(new GZIPInputStream(new ByteArrayInputStream(archive))))
          .containsKeys("kernel-info/dmesg", "xenserver-logs/server.log");
      assertThat(api.refusal("host.bugreport_upload", host, text(place + "theirs"), map(Map.of())))
          .containsExactly(
              "SYSTEM_STATUS_RETRIEVAL_FAILED", "the other server answers with status 403");
      assertThat(api.refusal("host.bugreport_upload", host, text("file:///x"), map(Map.of())))
          .startsWith("VALUE_NOT_SUPPORTED", "url");
      String proxy = "127.0.0.1:" + reader.getAddress().getPort();
      api.call(
          "host.bugreport_upload",
          host,
          text("http://192.0.2.1/reports/mine"),
          map(Map.of("http_proxy", proxy)));
    } finally {
      reader.stop(0);
    }
  }
}
