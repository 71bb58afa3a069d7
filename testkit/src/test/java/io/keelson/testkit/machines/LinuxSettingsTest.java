package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/** What a real Linux finds of what its VM's records say, and takes up while it runs. One boot. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf("io.keelson.testkit.machines.LinuxGuestTest#linuxIsThere")
class LinuxSettingsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern TOTAL = Pattern.compile("total-(\\d+)-kB");

  private final Api api;
  private final Vms vms;
  private final Guests guests;

  LinuxSettingsTest(ServerBox box) {
    this.api = box.login(Format.XML_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void theGuestFindsWhatItsRecordsSay() throws IOException {
    JsonNode vm = vms.kept(api.call("VM.clone", vms.template("Built-in Linux"), text("hello")));
    api.call("VM.provision", vm);
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, vms.network("guests"), "0", ""));
    static4(vif, "192.0.2.9/24", "192.0.2.1");
    api.call("VM.set_VCPUs_max", vm, number(2));
    api.call("VM.set_VCPUs_params", vm, map(Map.of("mask", "0", "weight", "512")));
    api.call("VM.set_xenstore_data", vm, map(Map.of("vm-data/role", "web server")));
    JsonNode pool = api.call("pool.get_all").get(0);
    api.call("pool.add_to_guest_agent_config", pool, text("auto_update_enabled"), text("false"));
    api.call("VM.copy_bios_strings", vm, api.call("host.get_all").get(0));
    vms.start(vm);
    guests.awaitSerial(vm, "keelson-guest:/#", 1);
    whatItReads(vm);
    agentSettings(vm, pool);
    addresses(vm, vif);
    processors(vm);
    memory(vm);
  }

  private void whatItReads(JsonNode vm) throws IOException {
    String maker =
        api.call("VM.get_bios_strings", vm).path("system-manufacturer").asString("").strip();
    if (!maker.isEmpty()) {
      guests.say(vm, "grep -F -x '" + maker + "' /sys/class/dmi/id/sys_vendor");
    }
    guests.say(vm, "grep -i -x " + api.read("VM.get_uuid", vm) + " /sys/class/dmi/id/product_uuid");
    String data = "/sys/firmware/qemu_fw_cfg/by_name/opt/io.keelson/xenstore_data/raw";
    guests.say(vm, "grep -F '\"vm-data/role\":\"web server\"' " + data);
  }

  /** Settings of the start, and those that have changed since. */
  private void agentSettings(JsonNode vm, JsonNode pool) throws IOException {
    String name = "/guest_agent_config";
    guests.say(
        vm,
        "grep -F '{\"auto_update_enabled\":\"false\"}'"
            + " /sys/firmware/qemu_fw_cfg/by_name/opt/io.keelson"
            + name
            + "/raw");
    api.call(
        "pool.add_to_guest_agent_config",
        pool,
        text("auto_update_url"),
        text("https://updates.example.com/"));
    String url = "\"auto_update_url\":\"https://updates.example.com/\"";
    guests.say(
        vm, "while ! grep -F '" + url + "' /run/io.keelson" + name + "; do usleep 100000; done");
    api.call("pool.remove_from_guest_agent_config", pool, text("auto_update_url"));
  }

  /** A processor more, on the host's processors that the VM may use. */
  private void processors(JsonNode vm) throws IOException {
    boolean one = Runtime.getRuntime().availableProcessors() == 1;
    assertThat(pinned(vm)).matches(count -> count == 1 || one);
    if (Files.isWritable(Path.of("/sys/fs/cgroup/cpu"))) {
      Path group = Path.of("/sys/fs/cgroup/cpu/keelson", api.read("VM.get_uuid", vm));
      assertThat(group.resolve("cpu.shares")).hasContent("2048");
    }
    guests.say(vm, "grep -x 0 /sys/devices/system/cpu/online");
    api.call("VM.set_VCPUs_number_live", vm, number(2));
    guests.say(vm, "grep -x 0-1 /sys/devices/system/cpu/online");
    assertThat(pinned(vm)).matches(count -> count == 2 || one);
    api.call("VM.add_to_VCPUs_params_live", vm, text("mask"), text(""));
    assertThat(pinned(vm)).matches(count -> count == 0 || one);
    assertThat(api.refusal("VM.add_to_VCPUs_params_live", vm, text("mask"), text("4000")))
        .containsExactly("INVALID_VALUE", "VCPUs_params:mask", "4000");
  }

  /** How many threads of the VM's may run on the host's first processor alone. */
  private long pinned(JsonNode vm) throws IOException {
    long pid = Domains.running(api.read("VM.get_uuid", vm)).pid();
    long count = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        count +=
            Files.readAllLines(thread.resolve("status")).stream()
                .filter(line -> line.matches("Cpus_allowed_list:\\s+0"))
                .count();
      }
    }
    return count;
  }

  /** The guest gives back what its balloon is asked for. */
  private void memory(JsonNode vm) throws IOException {
    long most = Long.parseLong(api.read("VM.get_memory_static_max", vm));
    long all = total(vm);
    JsonNode less = number(most * 3 / 4);
    api.call("VM.set_memory_dynamic_range", vm, less, less);
    awaitTotal(vm, total -> total < all - most / 8);
    api.call("VM.set_memory_dynamic_range", vm, less, number(most));
    awaitTotal(vm, total -> total > all - most / 8);
    // A VM that needs all the room there can be gets it, for as long as it runs.
    JsonNode big = vms.created(Vms.vmRecord("big", 1024));
    // Other programs of this machine take memory and give it back meanwhile.
    await().atMost(PATIENCE).ignoreException(Refused.class).until(() -> startsAsBigAsCanBe(big));
    awaitTotal(vm, total -> total < all - most / 8);
    api.call("VM.hard_shutdown", big);
    awaitTotal(vm, total -> total > all - most / 8);
  }

  private boolean startsAsBigAsCanBe(JsonNode vm) {
    long free =
        Long.parseLong(api.read("host.compute_free_memory", api.call("host.get_all").get(0)));
    JsonNode size = api.call("VM.maximise_memory", vm, number(free), NO);
    api.call("VM.set_memory_limits", vm, size, size, size, size);
    vms.start(vm);
    return true;
  }

  private void awaitTotal(JsonNode vm, LongPredicate wanted) {
    await().atMost(PATIENCE).until(() -> wanted.test(total(vm)));
  }

  /** The memory that the guest has, in bytes. */
  private long total(JsonNode vm) throws IOException {
    guests.say(vm, "echo total-$(grep MemTotal /proc/meminfo | tr -dc 0-9)-kB");
    return TOTAL
        .matcher(guests.serial(vm))
        .results()
        .map(found -> Long.parseLong(found.group(1)) * 1024)
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  private void static4(JsonNode vif, String address, String gateway) {
    api.call("VIF.configure_ipv4", vif, text("Static"), text(address), text(gateway));
  }

  /** Set before the start, changed while the guest runs, and left to the guest again. */
  private void addresses(JsonNode vm, JsonNode vif) throws IOException {
    awaitNetwork(vm, "0/ip", "192.0.2.9");
    guests.say(vm, "ip route | grep 'default via 192.0.2.1 '");
    static4(vif, "198.51.100.7/25", "");
    api.call(
        "VIF.configure_ipv6", vif, text("Static"), text("2001:db8::7/64"), text("2001:db8::1"));
    guests.say(vm, "ip addr | grep 'inet 198.51.100.7/25 '");
    guests.say(vm, "! ip addr | grep 192.0.2.9");
    guests.say(vm, "ip addr | grep 'inet6 2001:db8::7/64 '");
    guests.say(vm, "ip -6 route | grep 'default via 2001:db8::1 '");
    awaitNetwork(vm, "0/ipv4/0", "198.51.100.7");
    assertThat(strings(api.call("VIF.get_ipv4_addresses", vif))).containsExactly("198.51.100.7/25");
    // A guest that loses its address gets it again.
    guests.say(vm, "ip addr flush dev eth0");
    awaitNetwork(vm, "0/ip", "198.51.100.7");
    api.call("VIF.configure_ipv4", vif, text("None"), text(""), text(""));
    guests.say(vm, "! ip addr | grep 198.51.100.7");
    assertThat(api.read("VIF.get_ipv4_configuration_mode", vif)).isEqualTo("None");
  }

  private void awaitNetwork(JsonNode vm, String key, String value) {
    await(key)
        .atMost(PATIENCE)
        .until(() -> {
          JsonNode metrics = api.call("VM.get_guest_metrics", vm);
          return !metrics.asString().equals("OpaqueRef:NULL")
              && api.call("VM_guest_metrics.get_networks", metrics)
                  .path(key)
                  .asString("")
                  .equals(value);
        });
  }
}
