package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Consoles when their server ends and another begins. */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ConsoleRestartTest {

  @Test
  void endOfTheServerHangsUpAndTheNextTakesCalls(@TempDir Path scratch) throws IOException {
    try (ServerBox box = ServerBox.real(scratch.resolve("server")).start()) {
      Api api = box.login(Format.JSON_RPC);
      Guests guests = new Guests(box, api);
      JsonNode vm = guests.bootSector(new Vms(api), scratch);
      api.call("VM.start", vm, NO, NO);
      guests.awaitSerial(vm, BootSector.READY, 1);
      ConsoleRequests consoles = new ConsoleRequests(box, api);
      try (RawHttp screen = new RawHttp(box.api());
          RawHttp line = new RawHttp(box.tls().orElseThrow())) {
        screen.send(consoles.connect("ref=" + vm.asString()));
        assertThat(screen.response().status()).isEqualTo(200);
        line.send(consoles.connect("ref=" + consoles.console(vm, "vt100").asString()));
        assertThat(line.response().status()).isEqualTo(200);
        assertThat(box.stop()).isIn(0, 143);
        assertThat(screen.closed()).isTrue();
        assertThat(line.closed()).isTrue();
      }

      box.start();
      Api again = box.login(Format.JSON_RPC);
      ConsoleRequests later = new ConsoleRequests(box, again);
      JsonNode serial = later.console(vm, "vt100");
      URI location = URI.create(again.read("console.get_location", serial));
      assertThat(location.getPort()).isEqualTo(box.tls().orElseThrow().getPort());
      try (RawHttp line = new RawHttp(URI.create("https://" + location.getAuthority()))) {
        line.send(later.connect(location.getQuery()));
        assertThat(line.response().status()).isEqualTo(200);
        assertThat(line.send("x").read(1)).isEqualTo("x");
      }
    }
  }
}
