package io.keelson.testkit.durability;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a server that was ended, gently or not, has when it is started again. */
@RunsOn(hosts = 2, shared = false)
class RestartTest {
  private final ServerBox box;

  RestartTest(ServerBox box) {
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
  void cleanEndLeavesNoTraceOfTheProcessAndKeepsTheRest() {
    JsonNode vm;
    JsonNode before;
    String token;
    try (Api api = box.login(Format.JSON_RPC)) {
      vm = new Vms(api).halted();
      before = api.call("VM.get_record", vm);
      token = now(api);
    }

    assertThat(box.stop()).isIn(0, 143);
    assertThat(box.data().resolve("run/server.pid")).doesNotExist();
    assertThat(box.data().resolve("run/server.endpoints")).doesNotExist();

    box.start();
    try (Api api = box.login(Format.JSON_RPC)) {
      assertThat(api.call("VM.get_record", vm)).isEqualTo(before);
      api.call("VM.set_name_description", vm, text("since the restart"));
      JsonNode batch = api.call("event.from", Values.texts("vm"), text(token), Values.real(1));
      assertThat(batch.get("events")).hasSize(1);
      assertThat(batch.get("events").get(0).get("ref")).isEqualTo(vm);
      assertThat(api.call("host.get_all")).hasSize(2);
      assertThat(api.call("pool.get_all")).hasSize(1);
    }
  }

  @Test
  void passwordStaysAsItWasChanged() {
    try (Api api = box.login(Format.JSON_RPC)) {
      api.call("session.change_password", text(ServerBox.PASSWORD), text("another one"));
    }
    box.kill();
    box.start();
    try (Api api = Api.login(box.wire(Format.XML_RPC), "another one")) {
      assertThat(
              box.wire(Format.JSON_RPC)
                  .call(
                      "session.login_with_password",
                      List.of(text("root"), text(ServerBox.PASSWORD))))
          .isInstanceOf(Answer.Failure.class);
      api.call("session.change_password", text("another one"), text(ServerBox.PASSWORD));
    }
  }

  @Test
  void tasksThatWereRunningEndOneWayOrTheOther() {
    for (int kill = 0; kill < 3; kill++) {
      List<JsonNode> tasks = new ArrayList<>();
      try (Api api = box.login(Format.JSON_RPC)) {
        Vms vms = new Vms(api);
        for (int i = 0; i < 10; i++) {
          tasks.add(api.call("Async.VM.start", vms.halted(), NO, NO));
        }
        box.kill();
      } catch (UncheckedIOException _) {
        // There is nobody to log out from.
      }
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        for (JsonNode task : tasks) {
          assertThat(api.read("task.get_status", task)).isIn("success", "failure");
        }
        api.call("VM.get_all_records")
            .forEach(vm -> assertThat(vm.get("current_operations")).isEmpty());
      }
    }
  }

  @Test
  void secretsAreKeptFromOthers() throws Exception {
    try (var files = Files.walk(box.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as(file.toString())
            .doesNotContain(ServerBox.PASSWORD);
      }
    }
  }

  private static String now(Api api) {
    return api.call("event.from", Values.texts("crashdump"), text(""), Values.real(0.01))
        .get("token")
        .asString();
  }
}
