package io.keelson.testkit.transfers;

import static io.keelson.testkit.transfers.DiskClient.MIB;
import static io.keelson.testkit.transfers.DiskClient.SIZE;
import static io.keelson.testkit.transfers.DiskClient.body;
import static io.keelson.testkit.transfers.DiskClient.image;
import static io.keelson.testkit.transfers.DiskClient.run;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Disks, sent and fetched one at a time, over the real wire and through the real QEMU. */
@EnabledIf(value = "io.keelson.testkit.box.Qemu#runsMachines", disabledReason = "no QEMU here")
class RawVdiTest {
  @TempDir private Path folder;

  /** One server for all of it: it takes longer to start than what is tested takes. */
  @Test
  void disksTravel() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start();
        Api api = box.login(Format.JSON_RPC)) {
      Vms vms = new Vms(api);
      DiskClient disks = new DiskClient(box, api);
      roundTrip(box, api, disks, vms.disk());
      qcow2(box, disks, vms.disk());
      vhd(disks, vms.disk());
      frames(disks, vms.disk());
      newDisk(api, disks, vms);
      archive(disks, vms.disk());
      differences(api, disks, vms);
      hostile(box, disks, vms.disk());
      refusals(box, api, disks, vms.disk());
      cancelled(box, api, disks, vms.disk());
      assertThat(servers()).isEmpty();
    }
  }

  private void roundTrip(ServerBox box, Api api, DiskClient disks, JsonNode vdi) throws Exception {
    byte[] bytes = image(1);
    JsonNode task = api.call("task.create", text("upload"), text(""));
    HttpResponse<byte[]> sent =
        disks.put("/import_raw_vdi?vdi=" + vdi.asString() + "&task_id=" + task.asString(), bytes);
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    assertThat(sent.headers().firstValue("Task-id")).contains(task.asString());
    assertThat(api.read("task.get_status", task)).isEqualTo("success");
    assertThat(api.read("task.get_result", task))
        .isEqualTo("<value>" + vdi.asString() + "</value>");
    String uuid = api.read("VDI.get_uuid", vdi);
    HttpResponse<byte[]> got = disks.get("/export_raw_vdi?vdi=" + uuid);
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(got.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"" + uuid + ".raw\"");
    assertThat(api.call("VDI.get_current_operations", vdi)).isEmpty();
    // A shorter image, over what was there: the rest is zeroes.
    HttpResponse<byte[]> shorter =
        disks.put("/import_raw_vdi?vdi=" + uuid, Arrays.copyOf(bytes, MIB));
    assertThat(shorter.statusCode()).as(body(shorter)).isEqualTo(200);
    byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes, MIB), SIZE);
    assertThat(disks.get("/export_raw_vdi?vdi=" + uuid).body()).isEqualTo(expected);
    // HTTP/1.0 without a length: answered before, and done when the client has sent all.
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(
          "PUT /import_raw_vdi?vdi="
              + uuid
              + disks.session()
              + " HTTP/1.0\r\n"
              + "Content-Length: "
              + SIZE
              + "\r\n\r\n");
      RawHttp.Response early = raw.response();
      assertThat(early.status()).isEqualTo(200);
      raw.send(new String(bytes, ISO_8859_1));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> api.read("task.get_status", text(early.header("task-id"))), "success"::equals);
    }
    assertThat(disks.get("/export_raw_vdi?vdi=" + uuid).body()).isEqualTo(bytes);
  }

  private void qcow2(ServerBox box, DiskClient disks, JsonNode vdi) throws Exception {
    byte[] bytes = image(2);
    Path raw = Files.write(folder.resolve("two.raw"), bytes);
    Path packed = folder.resolve("two.qcow2");
    run("qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", raw + "", packed + "");
    String path = "/import_raw_vdi?format=qcow2&vdi=" + vdi.asString();
    HttpResponse<byte[]> sent = disks.put(path, Files.readAllBytes(packed));
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    assertThat(disks.get("/export_raw_vdi?vdi=" + vdi.asString()).body()).isEqualTo(bytes);
    HttpResponse<byte[]> got = disks.get("/export_raw_vdi?format=qcow2&vdi=" + vdi.asString());
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body().length).isLessThan(SIZE);
    Path back = Files.write(folder.resolve("back.qcow2"), got.body());
    run("qemu-img", "check", "-q", "-f", "qcow2", back + "");
    run("qemu-img", "compare", "-q", "-f", "qcow2", "-F", "raw", back + "", raw + "");
    assertThat(box.data().resolve("scratch")).isEmptyDirectory();
  }

  private void vhd(DiskClient disks, JsonNode vdi) throws Exception {
    byte[] bytes = image(4);
    Path raw = Files.write(folder.resolve("four.raw"), bytes);
    Path packed = folder.resolve("four.vhd");
    run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vpc",
        "-o",
        "force_size=on",
        raw + "",
        packed + "");
    disks.put("/import_raw_vdi?vdi=" + vdi.asString(), image(5));
    String path = "/import_raw_vdi?format=vhd&vdi=" + vdi.asString();
    HttpResponse<byte[]> sent = disks.put(path, Files.readAllBytes(packed));
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    assertThat(disks.get("/export_raw_vdi?vdi=" + vdi.asString()).body()).isEqualTo(bytes);
    HttpResponse<byte[]> got = disks.get("/export_raw_vdi?format=vhd&vdi=" + vdi.asString());
    assertThat(got.statusCode()).isEqualTo(200);
    Path back = Files.write(folder.resolve("back.vhd"), got.body());
    run("qemu-img", "compare", "-q", "-f", "vpc", "-F", "raw", back + "", raw + "");
  }

  private void archive(DiskClient disks, JsonNode vdi) throws Exception {
    byte[] bytes = image(6);
    String path = "/import_raw_vdi?vdi=" + vdi.asString();
    disks.put(path, bytes);
    String export = "/export_raw_vdi?vdi=" + vdi.asString();
    HttpResponse<byte[]> got = disks.get(export + "&format=tar");
    assertThat(got.headers().firstValue("content-type")).contains("application/x-tar");
    disks.put(path, image(7));
    Path file = Files.write(folder.resolve("disk.tar"), got.body());
    run("tar", "-tf", file.toString());
    HttpResponse<byte[]> sent = disks.put(path + "&format=tar", got.body());
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    assertThat(disks.get(export).body()).isEqualTo(bytes);
    HttpResponse<byte[]> cut = disks.put(path + "&format=tar", Arrays.copyOf(got.body(), MIB));
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(body(cut)).startsWith("IMPORT_ERROR");
  }

  /** What changed since a snapshot, laid over what the snapshot holds, is the disk again. */
  private void differences(Api api, DiskClient disks, Vms vms) throws Exception {
    JsonNode vdi = vms.disk();
    byte[] before = image(8);
    disks.put("/import_raw_vdi?vdi=" + vdi.asString(), before);
    JsonNode base = api.call("VDI.snapshot", vdi);
    byte[] after = before.clone();
    Arrays.fill(after, 0, 100_000, (byte) 0);
    Arrays.fill(after, 2 * MIB, 2 * MIB + 5000, (byte) 5);
    disks.put("/import_raw_vdi?vdi=" + vdi.asString(), after);
    String uuid = api.read("VDI.get_uuid", base);
    String export = "/export_raw_vdi?vdi=" + vdi.asString() + "&base=" + uuid + "&format=";
    for (String format : List.of("vhd", "qcow2")) {
      HttpResponse<byte[]> delta = disks.get(export + format);
      assertThat(delta.statusCode()).as(body(delta)).isEqualTo(200);
      JsonNode copy = vms.disk();
      String onto = "/import_raw_vdi?vdi=" + copy.asString();
      disks.put(onto, before);
      HttpResponse<byte[]> sent =
          disks.put(onto + "&format=" + format + "&base=" + uuid, delta.body());
      assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
      assertThat(disks.get("/export_raw_vdi?vdi=" + copy.asString()).body()).isEqualTo(after);
    }
    rebased(api, disks, uuid, after, disks.get(export + "qcow2").body());
    for (String format : List.of("raw", "tar")) {
      HttpResponse<byte[]> refused = disks.get(export + format);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(body(refused)).startsWith("VALUE_NOT_SUPPORTED\nbase\n" + base.asString());
    }
    api.call("VDI.destroy", base);
    assertThat(disks.get(export + "vhd").statusCode()).isEqualTo(404);
  }

  /** QEMU finds the same beside an image of the base; without the base the rest is refused. */
  private void rebased(Api api, DiskClient disks, String uuid, byte[] after, byte[] delta)
      throws Exception {
    Path below = folder.resolve(uuid + ".qcow2");
    Files.write(below, disks.get("/export_raw_vdi?format=qcow2&vdi=" + uuid).body());
    Path above = Files.write(folder.resolve("above.qcow2"), delta);
    Path raw = Files.write(folder.resolve("after.raw"), after);
    run("qemu-img", "compare", "-q", "-f", "qcow2", "-F", "raw", above + "", raw + "");
    JsonNode other = new Vms(api).disk();
    HttpResponse<byte[]> alone =
        disks.put("/import_raw_vdi?format=qcow2&vdi=" + other.asString(), delta);
    assertThat(alone.statusCode()).isEqualTo(400);
    assertThat(body(alone)).startsWith("IMPORT_ERROR");
    api.call("VDI.destroy", other);
  }

  private void frames(DiskClient disks, JsonNode vdi) throws Exception {
    byte[] part = new byte[100_000];
    new Random(3).nextBytes(part);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(frame(3L * MIB, part.length));
    stream.writeBytes(part);
    stream.writeBytes(frame(0, 0));
    String path = "/import_raw_vdi?chunked=true&vdi=" + vdi.asString();
    HttpResponse<byte[]> sent = disks.put(path, stream.toByteArray());
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    byte[] expected = new byte[SIZE];
    System.arraycopy(part, 0, expected, 3 * MIB, part.length);
    assertThat(disks.get("/export_raw_vdi?vdi=" + vdi.asString()).body()).isEqualTo(expected);
    HttpResponse<byte[]> outside = disks.put(path, frame(SIZE, 1));
    assertThat(outside.statusCode()).isEqualTo(400);
    assertThat(body(outside)).startsWith("IMPORT_ERROR\n");
  }

  private void newDisk(Api api, DiskClient disks, Vms vms) throws Exception {
    byte[] bytes = image(4);
    String sr = api.read("SR.get_uuid", vms.defaultSr());
    JsonNode task = api.call("task.create", text("upload"), text(""));
    HttpResponse<byte[]> sent =
        disks.put("/import_raw_vdi?sr_uuid=" + sr + "&task_id=" + task.asString(), bytes);
    assertThat(sent.statusCode()).as(body(sent)).isEqualTo(200);
    JsonNode vdi = text(api.read("task.get_result", task).replaceAll("</?value>", ""));
    assertThat(api.call("VDI.get_virtual_size", vdi).asLong()).isEqualTo(SIZE);
    assertThat(disks.get("/export_raw_vdi?vdi=" + vdi.asString()).body()).isEqualTo(bytes);
    api.call("VDI.destroy", vdi);
  }

  /** What an image names is not opened, and nothing has happened to the disk. */
  private void hostile(ServerBox box, DiskClient disks, JsonNode vdi) throws Exception {
    Path secret = Files.write(folder.resolve("secret"), image(5));
    Path backed = folder.resolve("backed");
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret + "", backed + "");
    Path outside = folder.resolve("outside");
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "data_file=" + folder.resolve("elsewhere") + ",data_file_raw=on",
        outside + "",
        "" + SIZE);
    byte[] table = Files.readAllBytes(backed);
    ByteBuffer.wrap(table).putLong(8, 0).putInt(16, 0).putLong(40, Long.MAX_VALUE & ~0xFFFFL);
    byte[] larger = Files.readAllBytes(backed);
    ByteBuffer.wrap(larger).putLong(8, 0).putInt(16, 0).putLong(24, 1L << 41).putInt(36, 1 << 12);
    List<byte[]> images =
        List.of(
            Files.readAllBytes(backed),
            Files.readAllBytes(outside),
            table,
            larger,
            "QFI".getBytes(StandardCharsets.US_ASCII),
            new byte[0]);
    for (byte[] image : images) {
      HttpResponse<byte[]> sent =
          disks.put("/import_raw_vdi?format=qcow2&vdi=" + vdi.asString(), image);
      assertThat(sent.statusCode()).as(body(sent)).isEqualTo(400);
      assertThat(body(sent)).containsPattern("^(IMPORT_ERROR|VDI_TOO_SMALL)\n");
    }
    assertThat(disks.get("/export_raw_vdi?vdi=" + vdi.asString()).body()).isEqualTo(new byte[SIZE]);
    assertThat(box.data().resolve("scratch")).isEmptyDirectory();
  }

  private void refusals(ServerBox box, Api api, DiskClient disks, JsonNode vdi) throws Exception {
    String path = "/import_raw_vdi?vdi=" + vdi.asString();
    HttpResponse<byte[]> nobody =
        disks.send(HttpRequest.newBuilder(box.api().resolve(path)).PUT(BodyPublishers.noBody()));
    assertThat(nobody.statusCode()).isEqualTo(401);
    HttpResponse<byte[]> export =
        disks.send(HttpRequest.newBuilder(box.api().resolve("/export_raw_vdi?vdi=x")).GET());
    assertThat(export.statusCode()).isEqualTo(401);
    assertThat(export.headers().firstValue("WWW-Authenticate"))
        .contains("Basic realm=\"get_export_raw_vdi\"");
    String basic =
        Base64.getEncoder()
            .encodeToString(("root:" + ServerBox.PASSWORD).getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> named =
        disks.send(
            HttpRequest.newBuilder(box.api().resolve("/export_raw_vdi?vdi=" + vdi.asString()))
                .header("Authorization", "Basic " + basic)
                .GET());
    assertThat(named.body()).hasSize(SIZE);
    assertThat(disks.get("/export_raw_vdi?vdi=OpaqueRef:none").statusCode()).isEqualTo(404);
    assertThat(disks.get("/export_raw_vdi?vdi=none").statusCode()).isEqualTo(404);
    assertThat(disks.get("/export_raw_vdi").statusCode()).isEqualTo(400);
    assertThat(disks.get("/export_raw_vdi?format=pdf&vdi=" + vdi.asString()).statusCode())
        .isEqualTo(400);
    HttpResponse<byte[]> large = disks.put(path, new byte[SIZE + 1]);
    assertThat(large.statusCode()).isEqualTo(400);
    assertThat(body(large)).startsWith("VDI_TOO_SMALL\n" + vdi.asString());
    api.call("VDI.set_read_only", vdi, YES);
    HttpResponse<byte[]> readOnly = disks.put(path, new byte[SIZE]);
    assertThat(readOnly.statusCode()).isEqualTo(409);
    assertThat(body(readOnly)).startsWith("VDI_READONLY\n");
  }

  /** Cancelling ends the connection; neither claim nor process stays behind. */
  private void cancelled(ServerBox box, Api api, DiskClient disks, JsonNode vdi) throws Exception {
    JsonNode task = api.call("task.create", text("upload"), text(""));
    try (RawHttp raw = new RawHttp(box.api())) {
      raw.send(
          "PUT /import_raw_vdi?vdi="
              + vdi.asString()
              + "&task_id="
              + task.asString()
              + disks.session()
              + " HTTP/1.1\r\nHost: h\r\nContent-Length: "
              + SIZE
              + "\r\n\r\n");
      raw.send("x".repeat(3 * MIB));
      await().until(() -> api.call("task.get_progress", task).asDouble() > 0);
      assertThat(api.call("VDI.get_current_operations", vdi)).isNotEmpty();
      api.call("task.cancel", task);
      assertThat(raw.closed()).isTrue();
    }
    await().until(() -> api.read("task.get_status", task), "cancelled"::equals);
    assertThat(api.call("task.get_error_info", task).get(0).asString()).isEqualTo("TASK_CANCELLED");
    assertThat(api.call("VDI.get_current_operations", vdi)).isEmpty();
  }

  /** Of an upload that the server's death interrupts nothing is left. */
  @Test
  void deathOfTheServerEndsAnUpload() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start()) {
      JsonNode sr;
      JsonNode task;
      int disks;
      Api before = box.login(Format.JSON_RPC); // never logged out: its server dies
      try (RawHttp raw = new RawHttp(box.api())) {
        sr = new Vms(before).defaultSr();
        disks = before.call("VDI.get_all").size();
        task = before.call("task.create", text("upload"), text(""));
        raw.send(
            "PUT /import_raw_vdi?sr_id="
                + sr.asString()
                + "&task_id="
                + task.asString()
                + new DiskClient(box, before).session()
                + " HTTP/1.1\r\nHost: h\r\nContent-Length: "
                + SIZE
                + "\r\n\r\n");
        raw.send("x".repeat(3 * MIB));
        await().until(() -> before.call("task.get_progress", task).asDouble() > 0);
        box.kill();
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> servers().isEmpty());
      try (Api api = box.start().login(Format.JSON_RPC)) {
        assertThat(api.read("task.get_status", task)).isEqualTo("failure");
        assertThat(api.call("SR.get_current_operations", sr)).isEmpty();
        api.call("SR.scan", sr);
        assertThat(api.call("VDI.get_all")).hasSize(disks);
      }
    }
  }

  private List<String> servers() {
    return ProcessHandle.allProcesses()
        .flatMap(p -> p.info().commandLine().stream())
        .filter(c -> c.contains("qemu-nbd") && c.contains(folder.toString()))
        .toList();
  }

  private static byte[] frame(long offset, int length) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(offset)
        .putInt(length)
        .array();
  }
}
