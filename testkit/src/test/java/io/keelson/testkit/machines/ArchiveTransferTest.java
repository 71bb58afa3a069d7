package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.machines.Archives.Part;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ways that archives travel: packed, without a length, and from where a URL says. */
@RunsOn(hosts = 0)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ArchiveTransferTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LOGIN = "Basic dTpw"; // u:p

  @TempDir private Path scratch;

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final Guests guests;
  private final Archives archives;

  ArchiveTransferTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
    this.archives = new Archives(box, api);
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void packedAndWithoutALength() throws IOException {
    byte[] packed = gzip(archive());
    came(archives.stream("/import?force=false", packed));
    // Over HTTP/1.0 the answer comes first, and the archive ends where the client sends no more.
    String task = api.read("task.create", text("import"), text(""));
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(
          "PUT /import?task_id=%s&session_id=%s HTTP/1.0\r\n\r\n"
              .formatted(task, api.session().asString()));
      assertThat(raw.response().status()).isEqualTo(200);
      raw.send(new String(packed, ISO_8859_1)).finish();
      await()
          .atMost(PATIENCE)
          .until(() -> !api.read("task.get_status", text(task)).equals("pending"));
    }
    assertThat(api.read("task.get_status", text(task))).isEqualTo("success");
    JsonNode vm = came(Archives.named(api.read("task.get_result", text(task))));

    String export = "/export?use_compression=gzip&ref=" + vm.asString();
    Path file = archives.fetch(export, scratch.resolve("vm.gz"));
    try (GZIPInputStream tar = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(new String(tar.readNBytes(7), ISO_8859_1)).isEqualTo("ova.xml");
    }
    came(archives.send("/import?force=false", file));
  }

  @Test
  void fetchedFromWhereAUrlLeads() throws IOException {
    byte[] archive = archive();
    Set<String> strangers = ConcurrentHashMap.newKeySet();
    HttpServer other = server();
    HttpServer first = server();
    try {
      other.createContext(
          "/archive",
          exchange -> {
            strangers.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            answer(exchange, 200, archive);
          });
      first.createContext(
          "/archive",
          exchange -> {
            boolean known = LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, known ? 200 : 401, archive);
          });
      first.createContext("/here", exchange -> sentOn(exchange, "archive"));
      first.createContext("/elsewhere", exchange -> sentOn(exchange, url(other, "") + "/archive"));
      first.createContext("/round", exchange -> sentOn(exchange, "/round"));
      first.createContext("/file", exchange -> sentOn(exchange, "file:///etc/passwd"));
      came(fetch(url(first, "u:p@") + "/archive"));
      came(fetch(url(first, "u:p@") + "/here"));
      came(fetch(url(first, "u:p@") + "/elsewhere"));
      assertThat(strangers).isEmpty();
      int before = api.call("VM.get_all").size();
      assertThat(refusal(url(first, "") + "/archive").getFirst()).isEqualTo("IMPORT_ERROR");
      assertThat(refusal(url(first, "") + "/round").getFirst()).isEqualTo("IMPORT_ERROR");
      assertThat(refusal(url(first, "") + "/file"))
          .startsWith("VALUE_NOT_SUPPORTED", "url", "file:///etc/passwd");
      assertThat(api.call("VM.get_all")).hasSize(before);
    } finally {
      first.stop(0);
      other.stop(0);
    }
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    return server;
  }

  private static String url(HttpServer server, String login) {
    return "http://" + login + "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void sentOn(HttpExchange exchange, String where) throws IOException {
    exchange.getResponseHeaders().add("Location", where);
    answer(exchange, 302, new byte[0]);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean some = status == 200;
    exchange.sendResponseHeaders(status, some ? body.length : -1);
    if (some) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
    exchange.close();
  }

  private List<String> fetch(String url) {
    return Archives.named(api.call("VM.import", text(url), vms.defaultSr(), NO, NO).toString());
  }

  private List<String> refusal(String url) {
    return api.refusal("VM.import", text(url), vms.defaultSr(), NO, NO);
  }

  /** That one VM is there, with what is on its disk. */
  private JsonNode came(List<String> made) throws IOException {
    assertThat(made).hasSize(1);
    JsonNode vm = vms.kept(text(made.getFirst()));
    guests.read(api.call("VBD.get_VDI", api.call("VM.get_VBDs", vm).get(0)), "0xa5");
    return vm;
  }

  private static byte[] archive() {
    byte[] first = new byte[1 << 20];
    byte[] last = new byte[512];
    Arrays.fill(first, (byte) 0xA5);
    return Archives.tar(
        List.of(
            Part.of("ova.xml", ArchiveTest.OVA),
            new Part("Ref:3/00000000", first),
            Part.of("Ref:3/00000000.checksum", ArchiveTest.sha1(first)),
            new Part("Ref:3/00000001", last),
            Part.of("Ref:3/00000001.checksum", ArchiveTest.sha1(last))));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      new ByteArrayInputStream(bytes).transferTo(out);
    }
    return packed.toByteArray();
  }
}
