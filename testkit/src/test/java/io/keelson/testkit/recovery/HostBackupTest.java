package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.image.tar.TarEntry;
import io.keelson.image.tar.TarReader;
import io.keelson.image.tar.TarWriter;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a host's toolstack keeps: saved, changed, refused, and put back by the next start. */
class HostBackupTest {
  private static final int BLOCK = 512;
  private static final String MANIFEST = "keelson-host-backup";
  private static final byte[] CONTENT = "what the blob held".getBytes(ISO_8859_1);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void whatWasSavedIsPutBackByTheNextStart() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder.resolve("one"), 2).start()) {
      Api api = box.login(Format.JSON_RPC); // never logged out: its server dies
      JsonNode vm = api.call("VM.create", Vms.vmRecord("saved", 32));
      JsonNode blob = api.call("blob.create", text(""), NO);
      assertThat(put(box, api, "/blob", "&ref=" + blob.asString(), CONTENT).statusCode())
          .isEqualTo(200);
      JsonNode before = api.call("VM.get_all_records");
      JsonNode token = api.call("event.from", texts("vm"), text(""), real(0)).get("token");
      byte[] saved = saved(box, api);
      refusals(box, api, saved);
      assertThat(api.call("VM.get_all_records")).isEqualTo(before);
      assertThat(box.data().resolve("restore")).doesNotExist();

      api.call("VM.destroy", vm);
      JsonNode later = api.call("VM.create", Vms.vmRecord("later", 32));
      put(box, api, "/blob", "&ref=" + blob.asString(), new byte[10]);
      String certificate = Files.readString(box.data().resolve("tls/server.pem"));
      Files.writeString(box.data().resolve("tls/server.pem"), "lost");
      HttpResponse<String> answer = put(box, api, "/host_restore", "", saved);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(api.read("VM.get_name_label", later)).isEqualTo("later");
      box.kill();
      box.start();
      assertThat(box.data().resolve("before-restore/store")).isDirectory();
      assertThat(Files.readString(box.data().resolve("tls/server.pem"))).isEqualTo(certificate);
      assertThat(box.data().resolve("restore")).doesNotExist();
      try (Api again = box.login(Format.JSON_RPC)) {
        JsonNode after = again.call("VM.get_all_records");
        assertThat(after.get(vm.asString())).isEqualTo(before.get(vm.asString()));
        assertThat(after.has(later.asString())).isFalse();
        assertThat(again.call("host.get_all")).hasSize(2);
        assertThat(get(box, again, "/blob", "&ref=" + blob.asString()).body()).isEqualTo(CONTENT);
        assertThat(again.refusal("event.from", texts("vm"), token, real(0)))
            .first()
            .isEqualTo("EVENTS_LOST");
        assertThat(new String(get(box, again, "/consistency", "").body(), ISO_8859_1))
            .contains("nothing is wrong");
        again.call("VM.start", vm, NO, NO);
        unknownVm(box, again, saved);
      }
      box.kill();
      try (Api again = box.start().login(Format.JSON_RPC)) {
        assertThat(again.read("VM.get_name_label", vm)).isEqualTo("saved");
      }
    }
  }

  /** A VM that runs and is not in the backup would be nobody's. */
  private void unknownVm(ServerBox box, Api api, byte[] saved) throws Exception {
    JsonNode vm = api.call("VM.create", Vms.vmRecord("unknown", 32));
    api.call("VM.start", vm, NO, NO);
    assertThat(put(box, api, "/host_restore", "", saved).body())
        .contains("RESTORE_SCRIPT_FAILED", api.read("VM.get_uuid", vm));
    api.call("VM.hard_shutdown", vm);
    assertThat(put(box, api, "/host_restore", "", saved).statusCode()).isEqualTo(200);
    try (Api other = box.login(Format.JSON_RPC)) {
      assertThat(other.read("VM.get_power_state", vm)).isEqualTo("Halted");
    }
  }

  private void refusals(ServerBox box, Api api, byte[] saved) throws Exception {
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("nothing", new byte[0]);
    bad.put("no archive", "no archive at all".getBytes(ISO_8859_1));
    bad.put("half", Arrays.copyOf(saved, saved.length / 2));
    bad.put("all but the end", Arrays.copyOf(saved, saved.length - 2 * BLOCK));
    bad.put("more", again(saved, Map.of(), List.of("blobs/extra")));
    bad.put("a link", link(saved));
    bad.put("a path out", again(saved, Map.of("blobs/", "../../blobs/"), List.of()));
    bad.put("a path to plugins", again(saved, Map.of("blobs/", "plugins/"), List.of()));
    bad.put("another host", again(saved, Map.of("host ", "host 0"), List.of()));
    bad.put("a newer format", again(saved, Map.of(MANIFEST + " 1", MANIFEST + " 2"), List.of()));
    for (int at = BLOCK + 10; at < saved.length - 2 * BLOCK; at += saved.length / 7) {
      byte[] flipped = saved.clone();
      flipped[at] ^= 1;
      bad.put("a bit at " + at, flipped);
    }
    for (Map.Entry<String, byte[]> each : bad.entrySet()) {
      HttpResponse<String> answer = put(box, api, "/host_restore", "", each.getValue());
      assertThat(answer.statusCode()).as(each.getKey()).isGreaterThanOrEqualTo(400);
      assertThat(answer.body())
          .as(each.getKey())
          .startsWith(
              each.getKey().equals("a newer format")
                  ? "RESTORE_INCOMPATIBLE_VERSION"
                  : "RESTORE_SCRIPT_FAILED");
    }
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(
          "PUT /host_restore?session_id=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
              .formatted(api.session().asString(), saved.length));
      raw.send("x");
    }
    assertThat(box.data().resolve("restore.partial/store")).doesNotExist();
  }

  /** The archive with words of its list replaced, and files that it does not list. */
  private static byte[] again(byte[] saved, Map<String, String> words, List<String> more)
      throws IOException {
    TarReader in = new TarReader(new ByteArrayInputStream(saved));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter out = new TarWriter(bytes);
    for (Optional<TarEntry> entry = in.next(); entry.isPresent(); entry = in.next()) {
      byte[] content = in.contents(saved.length);
      if (entry.get().name().equals(MANIFEST)) {
        String list = new String(content, ISO_8859_1);
        for (Map.Entry<String, String> word : words.entrySet()) {
          assertThat(list).contains(word.getKey());
          list = list.replace(word.getKey(), word.getValue());
        }
        content = list.getBytes(ISO_8859_1);
      }
      out.file(entry.get().name(), content);
    }
    for (String name : more) {
      out.file(name, CONTENT);
    }
    out.end();
    return bytes.toByteArray();
  }

  /** The archive whose second file is said to be a link. */
  private static byte[] link(byte[] saved) throws IOException {
    TarReader in = new TarReader(new ByteArrayInputStream(saved));
    long list = in.next().orElseThrow().size();
    int header = BLOCK + (int) ((list + BLOCK - 1) / BLOCK * BLOCK);
    byte[] linked = saved.clone();
    linked[header + 156] = '2';
    int checksum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= 148 && i < 156;
      checksum += own ? ' ' : Byte.toUnsignedInt(linked[header + i]);
    }
    byte[] digits = "%06o\0 ".formatted(checksum).getBytes(ISO_8859_1);
    System.arraycopy(digits, 0, linked, header + 148, digits.length);
    return linked;
  }

  @Test
  void aBackupOfAnotherHostIsRefusedButForWhoIsAtTheShell() throws Exception {
    Path file = folder.resolve("backup.tar");
    try (ServerBox one = ServerBox.simulated(folder.resolve("one"), 1).start();
        ServerBox two = ServerBox.simulated(folder.resolve("two"), 1)) {
      JsonNode vm;
      try (Api api = one.login(Format.JSON_RPC)) {
        vm = api.call("VM.create", Vms.vmRecord("saved", 32));
        Files.write(file, saved(one, api));
      }
      two.start();
      try (Api api = two.login(Format.JSON_RPC)) {
        assertThat(put(two, api, "/host_restore", "", Files.readAllBytes(file)).body())
            .startsWith("RESTORE_SCRIPT_FAILED");
        assertThat(two.data().resolve("restore")).doesNotExist();
      }
      two.stop();
      assertThat(two.run("restore", "--data", two.data().toString(), file + ".none").status())
          .isNotZero();
      ServerBox.Ran ran = two.run("restore", "--data", two.data().toString(), file.toString());
      assertThat(ran.status()).as(ran.output()).isZero();
      try (Api api = two.start().login(Format.JSON_RPC)) {
        assertThat(api.read("VM.get_name_label", vm)).isEqualTo("saved");
      }
    }
  }

  /** A backup, of which the server keeps nothing but what only its user reads. */
  private byte[] saved(ServerBox box, Api api) throws Exception {
    HttpResponse<byte[]> answer = get(box, api, "/host_backup", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(answer.body().length);
    try (var left = Files.list(box.data().resolve("backup"))) {
      assertThat(left).isEmpty();
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(box.data().resolve("backup-key"))))
        .isEqualTo("rw-------");
    return answer.body();
  }

  private HttpResponse<byte[]> get(ServerBox box, Api api, String path, String more)
      throws Exception {
    return client.send(request(box, api, path, more).GET().build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> put(ServerBox box, Api api, String path, String more, byte[] body)
      throws Exception {
    return client.send(
        request(box, api, path, more).PUT(BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(ServerBox box, Api api, String path, String more) {
    return HttpRequest.newBuilder(
        box.api().resolve(path + "?session_id=" + api.session().asString() + more));
  }
}
