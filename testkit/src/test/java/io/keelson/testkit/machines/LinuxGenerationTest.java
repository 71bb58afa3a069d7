package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The generation that a real Linux finds in its memory, where ACPI says, is that of its VM. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf("io.keelson.testkit.machines.LinuxGuestTest#linuxIsThere")
class LinuxGenerationTest {
  private static final String PROMPT = "keelson-guest:/#";

  /** Where the table says that the page is which has the generation 40 bytes behind its start. */
  private static final String FIND =
      "at=$(od -An -tx4 -j 42 -N 4 $(grep -l VGIA /sys/firmware/acpi/tables/SSDT*) | tr -d ' ')";

  private final Api api;
  private final Vms vms;
  private final Guests guests;

  LinuxGenerationTest(ServerBox box) {
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
  void theGuestHearsThatItWasCopiedOrPutBack() throws IOException {
    JsonNode vm = linux("81985529216486895:-81985529216486896");
    vms.start(vm);
    finds(vm, "0x01234567");
    api.call("VM.hard_reboot", vm);
    finds(vm, "0x01234567");
    JsonNode checkpoint = vms.kept(api.call("VM.checkpoint", vm, text("then")));
    assertThat(generation(checkpoint)).isEqualTo("81985529216486895:-81985529216486896");
    api.call("VM.revert", checkpoint);
    api.call("VM.resume", vm, NO, NO);
    assertThat(generation(vm)).isNotEqualTo(generation(checkpoint));
    // The same guest, without a boot.
    guests.say(vm, "devmem $((0x$at + 40)) 32 | grep -i -x " + first(vm));
    api.call("VM.hard_shutdown", vm);
    JsonNode clone = vms.kept(api.call("VM.clone", vm, text("clone")));
    assertThat(generation(clone)).isNotEqualTo(generation(vm));
    vms.start(clone);
    finds(clone, first(clone));
  }

  private void finds(JsonNode vm, String first) throws IOException {
    guests.awaitSerial(vm, PROMPT, 1);
    guests.say(vm, FIND);
    guests.say(vm, "devmem $((0x$at + 40)) 32 | grep -i -x " + first);
  }

  private String generation(JsonNode vm) {
    return api.read("VM.get_generation_id", vm);
  }

  /** The first four of its sixteen bytes, as devmem prints them. */
  private String first(JsonNode vm) {
    return "0x%08X".formatted(Long.parseLong(generation(vm).split(":")[0]) >>> 32);
  }

  /** A VM that boots to the built-in Linux. */
  private JsonNode linux(String generation) {
    JsonNode template = vms.template("Built-in Linux");
    ObjectNode vm = Vms.vmRecord("generations", 128);
    for (String field : new String[] {"PV_kernel", "PV_ramdisk", "PV_args", "HVM_boot_policy"}) {
      vm.set(field, api.call("VM.get_" + field, template));
    }
    vm.set("HVM_boot_params", map(Map.of()));
    vm.put("generation_id", generation);
    return vms.created(vm);
  }
}
