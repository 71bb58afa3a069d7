package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What QEMU and the kernel tell of a guest. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class MeasuredGuestTest {
  private static final Duration TWO_READINGS = Duration.ofSeconds(60);

  @TempDir private Path scratch;

  private final ServerBox box;

  MeasuredGuestTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void processorAndDriveAreMeasured() throws IOException {
    try (Api api = box.login(Format.JSON_RPC);
        Vms vms = new Vms(api);
        Guests guests = new Guests(box, api)) {
      JsonNode vm = guests.bootSector(vms, scratch);
      vms.start(vm);
      guests.awaitSerial(vm, BootSector.READY, 1);

      await()
          .atMost(TWO_READINGS)
          .until(() -> api.call("VM.query_data_source", vm, text("cpu0")).isNumber());
      assertThat(api.call("VM.query_data_source", vm, text("cpu0")).asDouble()).isBetween(0.0, 1.0);
      assertThat(api.call("VM.query_data_source", vm, text("memory")).asLong())
          .isEqualTo(32L << 20);

      // The firmware has read the boot sector before anything was measured: the counter has it.
      String counter = "keelson_vm_vbd_read_bytes_total{uuid=\"" + api.read("VM.get_uuid", vm);
      String line =
          metrics(api).lines().filter(l -> l.startsWith(counter)).findFirst().orElseThrow();
      assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' ')))).isPositive();
      assertThat(line).contains("device=\"xvda\"");
    }
  }

  private String metrics(Api api) throws IOException {
    String path = "/metrics?session_id=" + api.session().asString();
    try (InputStream in = box.api().resolve(path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
