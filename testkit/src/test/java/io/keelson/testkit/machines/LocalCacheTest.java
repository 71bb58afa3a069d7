package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.Repositories;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A host that keeps what its VMs read of shared disks. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class LocalCacheTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path scratch;

  private final ServerBox box;
  private final JsonNode host;
  private Api api;
  private Vms vms;
  private Guests guests;

  LocalCacheTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
    this.host = api.call("host.get_all").get(0);
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void whatWasReadOnceIsReadFromTheCache() throws IOException {
    JsonNode cache = repository();
    JsonNode shared = api.call("pool.get_default_SR", api.call("pool.get_all").get(0));
    api.call("SR.set_shared", shared, YES);
    JsonNode vm = guests.bootSector(vms, scratch);
    JsonNode vdi = api.call("VBD.get_VDI", api.call("VM.get_VBDs", vm).get(0));
    Path original = guests.file(vdi).toRealPath();
    api.call("VDI.set_on_boot", vdi, text("reset"));
    api.call("VDI.set_allow_caching", vdi, YES);
    api.call("host.disable", host);
    api.call("host.enable_local_storage_caching", host, cache);
    api.call("host.enable", host);

    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
    await().atMost(PATIENCE).until(() -> kept().size() == 1);
    refusals(vm, cache);
    // The server does not forget what its domains have open.
    restart();
    vms.kept(vm);
    api.call("VM.hard_shutdown", vm);
    Path first = kept().getFirst();

    erase(original);
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
    assertThat(kept()).containsExactly(first);
    api.call("VM.hard_shutdown", vm);

    api.call("host.disable", host);
    api.call("host.disable_local_storage_caching", host);
    assertThat(kept()).isEmpty();
    assertThat(api.call("host.get_local_cache_sr", host)).isEqualTo(NULL);
    api.call("host.enable", host);
  }

  private void restart() throws IOException {
    guests.close();
    box.kill();
    api = box.start().login(Format.JSON_RPC);
    vms = new Vms(api);
    guests = new Guests(box, api);
  }

  private void refusals(JsonNode vm, JsonNode cache) {
    String enable = "host.enable_local_storage_caching";
    assertThat(api.refusal(enable, host, cache)).containsExactly("HOST_NOT_DISABLED");
    api.call("host.disable", host);
    List<String> inUse = List.of("HOST_IN_USE", host.asString(), "vm", vm.asString());
    assertThat(api.refusal(enable, host, cache)).isEqualTo(inUse);
    assertThat(api.refusal("host.disable_local_storage_caching", host)).isEqualTo(inUse);
    assertThat(api.refusal("PBD.unplug", api.call("SR.get_PBDs", cache).get(0))).isEqualTo(inUse);
    api.call("host.enable", host);
  }

  private JsonNode repository() {
    return Repositories.local(api, host, box.data().resolve("cache").toString(), "cache");
  }

  private List<Path> kept() throws IOException {
    Path folder = box.data().resolve("cache/reads");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Takes the guest out of an image, without a trace that anybody looks for. */
  private static void erase(Path image) throws IOException {
    FileTime time = Files.getLastModifiedTime(image);
    byte[] sector = BootSector.bytes();
    byte[] content = Files.readAllBytes(image);
    int at = 0;
    while (!Arrays.equals(content, at, at + sector.length, sector, 0, sector.length)) {
      at += sector.length;
    }
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(at);
      file.write(new byte[sector.length]);
    }
    Files.setLastModifiedTime(image, time);
  }
}
