package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.keelson.image.tar.TarReader;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Dumps that the host's kernel has left, in folders as kdump-tools makes them. */
class CrashDumpTest {
  private static final String NAME = "202602030405";
  private static final byte[] MEMORY = new byte[3_000_001];

  @TempDir private Path folder;

  private final CountDownLatch patience = new CountDownLatch(1);
  private Path crashes;
  private HttpServer reader;
  private ServerBox box;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    crashes = Files.createDirectories(folder.resolve("crash"));
    MEMORY[MEMORY.length - 1] = 7;
    crash(NAME);
    Files.writeString(crashes.resolve("kdump_lock"), "");
    Files.createDirectories(crashes.resolve("apport"));
    reader = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    reader.createContext(
        "/mine",
        exchange -> {
          Files.copy(exchange.getRequestBody(), folder.resolve("received.tar"));
          exchange.sendResponseHeaders(201, -1);
          exchange.close();
        });
    reader.createContext(
        "/theirs",
        exchange -> {
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });
    reader.createContext("/slow", _ -> hang());
    reader.start();
    box = ServerBox.real(folder.resolve("server")).with("KEELSON_CRASH_FOLDER", crashes.toString());
    box.start();
    api = box.login(Format.JSON_RPC);
  }

  @AfterEach
  void end() {
    patience.countDown();
    api.close();
    box.close();
    reader.stop(0);
  }

  @Test
  void dumpsAreFoundSentAndRemoved() throws Exception {
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode dump = onlyDump();
    JsonNode record = api.call("host_crashdump.get_record", dump);
    assertThat(record.get("host")).isEqualTo(host);
    assertThat(record.get("size").asLong()).isEqualTo(MEMORY.length + 6);
    assertThat(record.get("timestamp").asString()).startsWith(utc());
    assertThat(record.has("filename")).isFalse();
    assertThat(api.call("host.get_crashdumps", host)).containsExactly(dump);

    api.call("host_crashdump.upload", dump, text(place("mine")), map(Map.of()));
    Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
    Process tar =
        new ProcessBuilder("tar", "xf", folder.resolve("received.tar").toString())
            .directory(unpacked.toFile())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    assertThat(unpacked.resolve(NAME).resolve("dump." + NAME)).hasBinaryContent(MEMORY);
    assertThat(unpacked.resolve(NAME).resolve("dmesg." + NAME)).hasContent("panic\n");
    assertThat(refusedUpload(dump, place("theirs")))
        .containsExactly(
            "SYSTEM_STATUS_RETRIEVAL_FAILED", "the other server answers with status 403");
    assertThat(refusedUpload(dump, "ftp://192.0.2.1/")).startsWith("VALUE_NOT_SUPPORTED", "url");
    assertThat(refusedUpload(text("OpaqueRef:x"), place("mine"))).startsWith("HANDLE_INVALID");

    reported(host);

    api.call("host_crashdump.destroy", dump);
    assertThat(crashes.resolve(NAME)).doesNotExist();
    assertThat(crashes.resolve("apport")).exists();
    assertThat(crashes).isDirectoryNotContaining("glob:**removed");
    assertThat(api.refusal("host_crashdump.destroy", dump)).startsWith("HANDLE_INVALID");
    assertThat(api.call("host.get_crashdumps", host)).isEmpty();
  }

  /** A status report has the kernel's last words, and its memory when it is asked for. */
  private void reported(JsonNode host) throws Exception {
    assertThat(api.read("host.get_system_status_capabilities", host))
        .contains("default-checked=\"yes\" key=\"host-crashdump-logs\"")
        .contains("default-checked=\"no\" key=\"host-crashdump-dumps\"");
    assertThat(report("host-crashdump-dumps,host-crashdump-logs"))
        .containsOnly(
            Map.entry("host-crashdump-dumps/" + NAME + "/dump." + NAME, MEMORY.length),
            Map.entry("host-crashdump-logs/" + NAME + "/dmesg." + NAME, 6));
    assertThat(report(""))
        .containsEntry("host-crashdump-logs/" + NAME + "/dmesg." + NAME, 6)
        .containsKey("xenserver-logs/server.log")
        .doesNotContainKey("host-crashdump-dumps/" + NAME + "/dump." + NAME);
  }

  /** The files of a report, with their lengths. */
  private Map<String, Integer> report(String entries) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient();
        InputStream archive =
            client
                .send(
                    HttpRequest.newBuilder(
                            box.api()
                                .resolve(
                                    "/system-status?entries=%s&session_id=%s"
                                        .formatted(entries, api.session().asString())))
                        .build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
      Map<String, Integer> files = new HashMap<>();
      TarReader tar = new TarReader(archive);
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        files.put(entry.get().name(), tar.contents(1 << 24).length);
      }
      return files;
    }
  }

  @Test
  void whatComesAndGoesMeanwhileIsSeenAtTheNextStart() throws IOException {
    JsonNode dump = onlyDump();
    String uuid = api.read("host_crashdump.get_uuid", dump);
    api.call("host_crashdump.add_to_other_config", dump, text("ticket"), text("17"));
    crash("202602030406");
    Path interrupted = Files.createDirectory(crashes.resolve("202602030407.removed"));
    Files.writeString(interrupted.resolve("dump"), "rest");
    restart();
    assertThat(interrupted).doesNotExist();
    assertThat(api.call("host_crashdump.get_all")).hasSize(2);
    JsonNode kept = api.call("host_crashdump.get_by_uuid", text(uuid));
    assertThat(api.call("host_crashdump.get_other_config", kept))
        .isEqualTo(map(Map.of("ticket", "17")));

    for (String file : List.of("dump.", "dmesg.")) {
      Files.delete(crashes.resolve(NAME).resolve(file + NAME));
    }
    Files.delete(crashes.resolve(NAME));
    assertThat(refusedUpload(kept, place("mine"))).startsWith("SYSTEM_STATUS_RETRIEVAL_FAILED");
    restart();
    assertThat(api.refusal("host_crashdump.get_by_uuid", text(uuid))).startsWith("UUID_INVALID");
    api.call("host_crashdump.destroy", onlyDump());
    assertThat(crashes.resolve("202602030406")).doesNotExist();
  }

  @Test
  void whatWaitsForOtherProgramsIsCancelled() throws IOException {
    cancel(api.call("Async.host_crashdump.upload", onlyDump(), text(place("slow")), map(Map.of())));
    Path plugin = Files.createDirectories(box.data().resolve("plugins/host")).resolve("slow");
    Files.writeString(plugin, "#!/bin/sh\ntouch $0.runs\nsleep 1000 & wait\n");
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    JsonNode task =
        api.call(
            "Async.host.call_plugin",
            api.call("host.get_all").get(0),
            text("slow"),
            text("any"),
            map(Map.of()));
    await().until(() -> Files.exists(Path.of(plugin + ".runs")));
    cancel(task);
  }

  private void cancel(JsonNode task) {
    api.call("task.cancel", task);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.read("task.get_status", task).equals("cancelled"));
  }

  private void crash(String name) throws IOException {
    Path place = Files.createDirectories(crashes.resolve(name));
    Files.write(place.resolve("dump." + name), MEMORY);
    Files.writeString(place.resolve("dmesg." + name), "panic\n");
  }

  private void hang() {
    try {
      patience.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** When the kernel crashed, as the API tells it. */
  private static String utc() {
    DateTimeFormatter minute = DateTimeFormatter.ofPattern("uuuuMMddHHmm");
    return LocalDateTime.parse(NAME, minute)
        .atZone(ZoneId.systemDefault())
        .withZoneSameInstant(ZoneId.of("UTC"))
        .format(DateTimeFormatter.ofPattern("uuuuMMdd'T'HH:mm:"));
  }

  private String place(String path) {
    return "http://127.0.0.1:" + reader.getAddress().getPort() + "/" + path;
  }

  private JsonNode onlyDump() {
    JsonNode all = api.call("host_crashdump.get_all");
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private List<String> refusedUpload(JsonNode dump, String url) {
    return api.refusal("host_crashdump.upload", dump, text(url), map(Map.of()));
  }

  private void restart() {
    api.close();
    box.stop();
    box.start();
    api = box.login(Format.JSON_RPC);
  }
}
