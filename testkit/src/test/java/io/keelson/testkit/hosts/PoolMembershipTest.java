package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.list;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.Repositories;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hosts that leave a pool or want to join one, and the coordinator's role. */
class PoolMembershipTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final JsonNode NONE = map(Map.of());

  @TempDir private Path folder;

  @Test
  void theRoleIsPassedOnAndTheOldCoordinatorLeaves() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 3).start();
        Api api = box.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      JsonNode pool = api.call("pool.get_all").get(0);
      JsonNode old = api.call("pool.get_master", pool);
      JsonNode next = other(api, old);
      assertThat(api.refusal("pool.designate_new_master", NULL)).startsWith("HANDLE_INVALID");
      api.call("host.disable", next);
      assertThat(api.refusal("pool.designate_new_master", next))
          .containsExactly("HOST_DISABLED", next.asString());
      assertThat(api.refusal("pool.eject", old))
          .containsExactly("HOST_CANNOT_DESTROY_SELF", old.asString());
      assertThat(api.refusal("pool.emergency_transition_to_master"))
          .containsExactly("HOST_NOT_IN_EMERGENCY_MODE");
      assertThat(api.refusal("pool.emergency_reset_master", text("192.0.2.1")))
          .containsExactly("HOST_NOT_IN_EMERGENCY_MODE");
      api.call("host.enable", next);
      api.call("pool.designate_new_master", next);
      assertThat(api.call("pool.get_master", pool)).isEqualTo(next);

      JsonNode vm = vms.halted();
      api.call("VM.start_on", vm, old, NO, NO);
      assertThat(api.refusal("pool.eject", old))
          .containsExactly("HOST_HAS_RESIDENT_VMS", old.asString());
      assertThat(api.call("host.get_enabled", old)).isEqualTo(YES);
      api.call("VM.hard_shutdown", vm);
      JsonNode own = local(api, old);
      int processors = api.call("host_cpu.get_all").size();
      api.call("pool.eject", old);
      assertThat(api.call("host.get_all")).hasSize(2).doesNotContain(old);
      assertThat(api.call("host_cpu.get_all")).hasSize(processors / 3 * 2);
      assertThat(api.refusal("SR.get_uuid", own)).startsWith("HANDLE_INVALID");
      api.call("VM.start", vm, NO, NO);
      assertThat(api.refusal("pool.eject", old)).startsWith("HANDLE_INVALID", "host");
    }
  }

  private static JsonNode other(Api api, JsonNode than) {
    for (JsonNode host : api.call("host.get_all")) {
      if (!host.equals(than)) {
        return host;
      }
    }
    throw new IllegalStateException();
  }

  /** A repository that the host alone has. */
  private static JsonNode local(Api api, JsonNode host) {
    return Repositories.local(api, host, "/own", "own");
  }

  /**
   * A coordinator that is turned off leaves the pool in an emergency, in which others take over.
   */
  @Test
  void aPoolWhoseCoordinatorIsOffGetsAnother() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 2).start();
        Api api = box.login(Format.JSON_RPC)) {
      JsonNode pool = api.call("pool.get_all").get(0);
      JsonNode old = api.call("pool.get_master", pool);
      JsonNode next = other(api, old);
      off(api, old);
      assertThat(api.refusal("pool.emergency_reset_master", text("192.0.2.1")))
          .containsExactly("CANNOT_CONTACT_HOST", "192.0.2.1");
      api.call("pool.emergency_transition_to_master");
      assertThat(api.call("pool.get_master", pool)).isEqualTo(next);
      assertThat(api.refusal("pool.designate_new_master", old))
          .containsExactly("HOST_OFFLINE", old.asString());
      assertThat(api.refusal("pool.eject", old)).containsExactly("HOST_OFFLINE", old.asString());
      assertThat(api.call("pool.recover_slaves")).isEmpty();
      api.call("host.set_power_on_mode", old, text("wake-on-lan"), NONE);
      api.call("host.power_on", old);
      JsonNode back = api.call("pool.recover_slaves");
      assertThat(back.size() == 1 ? back.get(0) : old).isEqualTo(old);
      await().atMost(SOON).until(() -> live(api, old));
      off(api, next);
      api.call("pool.emergency_reset_master", api.call("host.get_address", old));
      assertThat(api.call("pool.get_master", pool)).isEqualTo(old);
    }
  }

  private static void off(Api api, JsonNode host) {
    api.call("host.disable", host);
    api.call("host.shutdown", host);
    await().atMost(SOON).until(() -> !live(api, host));
  }

  private static boolean live(Api api, JsonNode host) {
    return api.call("host_metrics.get_live", api.call("host.get_metrics", host)).asBoolean();
  }

  @Test
  void whoJoinsIsCheckedOnBothSides() throws Exception {
    Path first = Files.createDirectories(folder.resolve("1"));
    Path second = Files.createDirectories(folder.resolve("2"));
    try (ServerBox here = ServerBox.simulated(first, 1).start();
        ServerBox there = ServerBox.simulated(second, 1).start();
        Api api = here.login(Format.JSON_RPC);
        Api remote = there.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      for (JsonNode sr : api.call("SR.get_all")) {
        if (api.call("SR.get_shared", sr).asBoolean()) {
          assertThat(refusal(api, there))
              .isEqualTo(List.of("JOINING_HOST_CANNOT_CONTAIN_SHARED_SRS"));
          api.call("SR.set_shared", sr, NO);
        }
      }
      int nobody = unused();
      assertThat(api.refusal("pool.join", text("localhost:" + nobody), text("root"), text("x")))
          .containsExactly("JOINING_HOST_CONNECTION_FAILED");
      assertThat(api.refusal("pool.join", text("no address"), text("root"), text("x")))
          .containsExactly("JOINING_HOST_CONNECTION_FAILED");
      assertThat(refusal(api, there)).startsWith("SSL_VERIFY_ERROR");
      JsonNode coordinator = remote.call("host.get_all").get(0);
      api.call(
          "pool.certificate_install",
          text("there"),
          remote.call("host.get_server_certificate", coordinator));
      assertThat(api.refusal("pool.join", text(address(there)), text("root"), text("wrong")))
          .startsWith("SESSION_AUTHENTICATION_FAILED", "root");

      JsonNode vm = vms.halted();
      api.call("VM.start", vm, NO, NO);
      assertThat(refusal(api, there)).containsExactly("JOINING_HOST_CANNOT_HAVE_RUNNING_VMS");
      api.call("VM.hard_shutdown", vm);
      remote.call("pool.enable_ha", list(), NONE);
      assertThat(refusal(api, there)).containsExactly("HA_IS_ENABLED");
      remote.call("pool.disable_ha");
      assertThat(refusal(api, there)).containsExactly("POOL_HOSTS_NOT_COMPATIBLE");
      assertThat(
              api.refusal(
                  "pool.join_force", text(address(there)), text("root"), text(ServerBox.PASSWORD)))
          .containsExactly("POOL_HOSTS_NOT_COMPATIBLE");
      api.call(
          "pool.certificate_install",
          text("here"),
          api.call("host.get_server_certificate", api.call("host.get_all").get(0)));
      assertThat(refusal(api, here)).startsWith("OPERATION_NOT_ALLOWED");
      assertThat(api.call("host.get_all")).hasSize(1);
    }
  }

  private static List<String> refusal(Api api, ServerBox there) {
    return api.refusal("pool.join", text(address(there)), text("root"), text(ServerBox.PASSWORD));
  }

  private static String address(ServerBox box) {
    return "localhost:" + box.tls().orElseThrow().getPort();
  }

  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
