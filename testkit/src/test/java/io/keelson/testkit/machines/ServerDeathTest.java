package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server ends, gently or not; its virtual machines do not. */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
@RunsOn(hosts = 0, shared = false)
class ServerDeathTest {
  @TempDir private Path folder;

  private final ServerBox box;

  ServerDeathTest(ServerBox box) {
    this.box = box;
  }

  @AfterEach
  void tidy() {
    try (Api api = box.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      vms.keepAll();
    }
  }

  @Test
  void runningGuestIsFoundAgain() throws Exception {
    JsonNode vm;
    int domid;
    byte[] backup;
    try (Api api = box.login(Format.JSON_RPC);
        Guests guests = new Guests(box, api)) {
      vm = guests.bootSector(new Vms(api), folder);
      backup = transfer(box, api, "/host_backup", HttpRequest.Builder::GET);
      api.call("VM.start", vm, NO, NO);
      guests.awaitSerial(vm, BootSector.READY, 1);
      domid = api.call("VM.get_domid", vm).asInt();
    }

    box.stop();
    assertThat(Domains.under(box.data())).hasSize(1);
    foundAndWell(box.start(), vm, domid);

    box.kill();
    foundAndWell(box.start(), vm, domid);

    // A backup of a time when it did not run takes nothing from it.
    try (Api api = box.login(Format.JSON_RPC)) {
      byte[] _ =
          transfer(box, api, "/host_restore", to -> to.PUT(BodyPublishers.ofByteArray(backup)));
    }
    box.kill();
    foundAndWell(box.start(), vm, domid);

    box.kill();
    Domains.under(box.data()).forEach(Domains::kill);
    box.start();
    try (Api api = box.login(Format.JSON_RPC)) {
      api.call("VM.set_actions_after_crash", vm, text("destroy"));
      assertThat(api.read("VM.get_power_state", vm)).isIn("Halted", "Running");
      api.call("VM.destroy", halted(api, vm));
    }
  }

  private static byte[] transfer(
      ServerBox box, Api api, String path, UnaryOperator<HttpRequest.Builder> method)
      throws Exception {
    URI target = box.api().resolve(path + "?session_id=" + api.session().asString());
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<byte[]> answer =
          client.send(
              method.apply(HttpRequest.newBuilder(target)).build(), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  @Test
  void operationsThatWereUnderWayEndAndLeaveTheTruth() throws Exception {
    JsonNode vm;
    try (Api api = box.login(Format.JSON_RPC);
        Guests guests = new Guests(box, api)) {
      vm = guests.bootSector(new Vms(api), folder);
    }
    for (String operation :
        new String[] {"start", "suspend", "resume", "hard_reboot", "hard_shutdown"}) {
      JsonNode task = killedWithin(box, vm, operation);
      try (Api api = box.start().login(Format.JSON_RPC)) {
        assertThat(api.read("task.get_status", task)).as(operation).isIn("success", "failure");
        JsonNode record = api.call("VM.get_record", vm);
        String state = record.get("power_state").asString();
        assertThat(record.get("current_operations")).isEmpty();
        assertThat(Domains.of(box.data(), record.get("uuid").asString()).count())
            .as(operation + " left it " + state)
            .isEqualTo(state.equals("Running") || state.equals("Paused") ? 1 : 0);
      }
    }
  }

  @Test
  void aGuestThatWasBeingMovedIsThereOnceAndGoesOn() throws Exception {
    JsonNode vm;
    JsonNode host;
    try (Api api = box.login(Format.JSON_RPC);
        Guests guests = new Guests(box, api)) {
      vm = guests.bootSector(new Vms(api), folder);
      api.call("VM.start", vm, NO, NO);
      guests.awaitSerial(vm, BootSector.READY, 1);
      host = api.call("VM.get_resident_on", vm);
    }
    for (int round = 0; round < 4; round++) {
      Api api = box.login(Format.JSON_RPC);
      JsonNode task = api.call("Async.VM.pool_migrate", vm, host, map(Map.of()));
      killedAfter(box, api, task, round);
      try (Api again = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, again)) {
        assertThat(again.read("task.get_status", task)).isIn("success", "failure");
        JsonNode record = again.call("VM.get_record", vm);
        assertThat(record.get("power_state").asString()).isEqualTo("Running");
        assertThat(record.get("current_operations")).isEmpty();
        String uuid = record.get("uuid").asString();
        assertThat(Domains.of(box.data(), uuid).count()).isEqualTo(1);
        String next = Character.toString('A' + round);
        guests.type(vm, "c");
        await().until(() -> guests.serial(vm).strip().endsWith(next));
      }
    }
    try (Api api = box.login(Format.JSON_RPC);
        Guests guests = new Guests(box, api)) {
      api.call("VM.pool_migrate", vm, host, map(Map.of()));
      guests.type(vm, "c");
      await().until(() -> guests.serial(vm).strip().endsWith("E"));
      api.call("VM.hard_shutdown", vm);
    }
  }

  /** Kills the server at once, after some looks at the task, or after more. */
  private static void killedAfter(ServerBox box, Api api, JsonNode task, int looks)
      throws Exception {
    for (int i = 0; i < looks * 12; i++) {
      api.call("task.get_status", task);
    }
    box.kill();
    box.start();
  }

  /** Kills the server as soon as it has answered that it will do so; nobody can log out then. */
  private static JsonNode killedWithin(ServerBox box, JsonNode vm, String operation) {
    Api api = box.login(Format.JSON_RPC);
    JsonNode task =
        switch (operation) {
          case "start", "resume" -> api.call("Async.VM." + operation, vm, NO, NO);
          default -> api.call("Async.VM." + operation, vm);
        };
    box.kill();
    return task;
  }

  private static void foundAndWell(ServerBox box, JsonNode vm, int domid) throws Exception {
    try (Api api = box.login(Format.JSON_RPC);
        Guests guests = new Guests(box, api)) {
      assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
      assertThat(api.call("VM.get_domid", vm).asInt()).isEqualTo(domid);
      int answers = guests.serial(vm).length();
      guests.type(vm, "c");
      await().until(() -> guests.serial(vm).length() > answers);
    }
  }

  private static JsonNode halted(Api api, JsonNode vm) {
    api.answer("VM.hard_shutdown", vm);
    return vm;
  }
}
