package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cases 44 and 49 to 56: drives, disks, repositories, network cards and networks. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class DeviceConformanceTest {
  private final Api api;
  private final Vms vms;

  DeviceConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void driveOfAHaltedVmIsNotPlugged() {
    JsonNode vm = vms.halted();
    JsonNode vbd = vms.drive(vm, vms.disk(), "0");
    assertThat(api.refusal("VBD.plug", vbd))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "running", "halted");
  }

  @Test
  void driveIsPluggedOnce() {
    JsonNode vm = vms.running();
    JsonNode vbd = vms.drive(vm, vms.disk(), "1");

    api.call("VBD.plug", vbd);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);
    assertThat(api.refusal("VBD.plug", vbd))
        .containsExactly("DEVICE_ALREADY_ATTACHED", vbd.asString());

    api.call("VBD.unplug", vbd);
    assertThat(api.refusal("VBD.unplug", vbd))
        .containsExactly("DEVICE_ALREADY_DETACHED", vbd.asString());
    api.call("VBD.destroy", vbd);
  }

  @Test
  void deviceIsTakenUnderAllItsNames() {
    JsonNode vm = vms.halted();
    vms.drive(vm, vms.disk(), "1");
    JsonNode other = vms.disk();
    for (String name : new String[] {"1", "xvdb", "hdb"}) {
      assertThat(api.refusal("VBD.create", Vms.vbdRecord(vm, other, name)))
          .containsExactly("DEVICE_ALREADY_EXISTS", name);
    }
    assertThat(api.refusal("VBD.create", Vms.vbdRecord(vm, other, "first")))
        .containsExactly("INVALID_DEVICE", "first");
    JsonNode free = vms.drive(vm, other, "autodetect");
    assertThat(strings(api.call("VM.get_allowed_VBD_devices", vm)))
        .doesNotContain("1", api.read("VBD.get_userdevice", free));
  }

  @Test
  void driveMovesToAPlaceThatIsFree() {
    JsonNode vm = vms.halted();
    JsonNode drive = vms.drive(vm, vms.disk(), "1");
    vms.drive(vm, vms.disk(), "2");
    for (String none : new String[] {"", "::1", "-1", "255", "007", "xvdc"}) {
      assertThat(api.refusal("VBD.set_userdevice", drive, text(none)))
          .containsExactly("INVALID_DEVICE", none);
    }
    assertThat(api.refusal("VBD.set_userdevice", drive, text("2")))
        .containsExactly("DEVICE_ALREADY_EXISTS", "2");
    api.call("VBD.set_userdevice", drive, text("3"));
    assertThat(strings(api.call("VM.get_allowed_VBD_devices", vm)))
        .contains("1")
        .doesNotContain("2", "3");
    vms.start(vm);
    assertThat(api.refusal("VBD.set_userdevice", drive, text("4")))
        .containsExactly("DEVICE_ALREADY_ATTACHED", drive.asString());
    api.call("VBD.set_userdevice", drive, text("3"));
  }

  @Test
  void packetsAreNoLongerThanLinksCarry() {
    JsonNode network = vms.network("packets");
    for (long mtu : new long[] {-1, 65_536, 1L << 40}) {
      assertThat(api.refusal("network.set_MTU", network, number(mtu)))
          .containsExactly("INVALID_VALUE", "MTU", Long.toString(mtu));
    }
    api.call("network.set_MTU", network, number(9000));
    api.call("network.destroy", network);
  }

  @Test
  void processorsAreNoMoreThanMachinesHave() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VM.set_VCPUs_max", vm, number(1L << 40)))
        .containsExactly("INVALID_VALUE", "VCPUs_max", Long.toString(1L << 40));
    assertThat(api.refusal("VM.create", Vms.vmRecord("many", 32).put("VCPUs_max", 5000)))
        .containsExactly("INVALID_VALUE", "VCPUs_max", "5000");
  }

  @Test
  void cdIsReadOnly() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VBD.create", Vms.cdRecord(vm, "3").put("mode", "RW")))
        .containsExactly("VBD_CDS_MUST_BE_READONLY");
  }

  @Test
  void onlyRemovableMediaMayBeMissing() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VBD.create", Vms.vbdRecord(vm, NULL, "0").put("empty", true)))
        .containsExactly("VBD_NOT_REMOVABLE_MEDIA", "in constructor");
  }

  @Test
  void networkCardHasItsPlaceAndAddress() {
    JsonNode vm = vms.halted();
    JsonNode network = vms.network("cards");
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));
    assertThat(api.read("VIF.get_MAC", vif)).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    assertThat(api.call("VIF.get_MAC_autogenerated", vif)).isEqualTo(YES);

    assertThat(api.refusal("VIF.create", Vms.vifRecord(vm, network, "0", "")))
        .containsExactly("DEVICE_ALREADY_EXISTS", "0");
    assertThat(api.refusal("VIF.create", Vms.vifRecord(vm, network, "first", "")))
        .containsExactly("INVALID_DEVICE", "first");
    assertThat(api.refusal("VIF.create", Vms.vifRecord(vm, network, "1", "zz:00")))
        .containsExactly("MAC_INVALID", "zz:00");
    assertThat(strings(api.call("VM.get_allowed_VIF_devices", vm)))
        .doesNotContain("0")
        .contains("1");
    api.call("network.destroy", network);
  }

  /** What a VM has from its template, or was given, says how large it may become. */
  @Test
  void recommendationsBoundAVm() {
    JsonNode fromTemplate =
        vms.kept(
            api.call("VM.clone", vms.template("Other install media"), text("from a template")));
    assertThat(api.refusal("VM.set_VCPUs_max", fromTemplate, number(65)))
        .startsWith("VALUE_NOT_SUPPORTED", "VCPUs_max", "65");
    api.call("VM.set_VCPUs_max", fromTemplate, number(64));

    String restrictions =
        "<restrictions><restriction field='vcpus-max' min='2' max='4'/>"
            + "<restriction field='memory-static-max' max='67108864'/>"
            + "<restriction property='number-of-vbds' max='1'/>"
            + "<restriction property='number-of-vifs' max='0'/></restrictions>";
    ObjectNode wanted = Vms.vmRecord("bounded", 65).put("VCPUs_max", 2);
    wanted.put("recommendations", restrictions);
    assertThat(api.refusal("VM.create", wanted))
        .startsWith("VALUE_NOT_SUPPORTED", "memory_static_max", "68157440");
    JsonNode vm = vms.halted();
    api.call("VM.set_recommendations", vm, text(restrictions));
    assertThat(api.refusal("VM.set_VCPUs_max", vm, number(5)))
        .startsWith("VALUE_NOT_SUPPORTED", "VCPUs_max", "5");
    assertThat(api.refusal("VM.set_VCPUs_max", vm, number(1)))
        .startsWith("VALUE_NOT_SUPPORTED", "VCPUs_max", "1");
    api.call("VM.set_VCPUs_max", vm, number(4));
    assertThat(api.refusal("VM.set_memory_static_max", vm, number(1L << 27)))
        .startsWith("VALUE_NOT_SUPPORTED", "memory_static_max", "134217728");
    api.call("VM.set_memory_static_max", vm, number(1L << 26));
    vms.drive(vm, vms.disk(), "0");
    assertThat(api.refusal("VBD.create", Vms.vbdRecord(vm, vms.disk(), "1")))
        .startsWith("VALUE_NOT_SUPPORTED", "VBDs", "2");
    JsonNode network = vms.network("too many");
    assertThat(api.refusal("VIF.create", Vms.vifRecord(vm, network, "0", "")))
        .startsWith("VALUE_NOT_SUPPORTED", "VIFs", "1");
    assertThat(api.call("VM.get_VIFs", vm)).isEmpty();

    api.call("VM.set_recommendations", vm, text("<restrictions no document"));
    api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));
    api.call("network.destroy", network);
  }

  @Test
  void networkCardIsPluggedOnce() {
    JsonNode vm = vms.running();
    JsonNode network = vms.network("hot");
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));

    api.call("VIF.plug", vif);
    assertThat(api.call("VIF.get_currently_attached", vif)).isEqualTo(YES);
    assertThat(api.refusal("VIF.plug", vif))
        .containsExactly("DEVICE_ALREADY_ATTACHED", vif.asString());
    assertThat(api.refusal("network.destroy", network))
        .containsExactly("NETWORK_CONTAINS_VIF", vif.asString());
    api.call("VIF.unplug", vif);
    api.call("network.destroy", network);
    assertThat(api.refusal("VIF.get_uuid", vif)).startsWith("HANDLE_INVALID", "VIF");
  }

  @Test
  void diskIsWrittenByOneVm() {
    JsonNode vdi = vms.disk();
    JsonNode first = vms.halted();
    JsonNode second = vms.halted();
    vms.drive(first, vdi, "0");
    vms.drive(second, vdi, "0");
    vms.start(first);

    assertThat(api.refusal("VM.start", second, NO, NO)).startsWith("VDI_IN_USE", vdi.asString());
    assertThat(api.read("VM.get_power_state", second)).isEqualTo("Halted");
  }

  @Test
  void emptyDriveIsNotEjectedAndDisksAreNotInserted() {
    JsonNode vm = vms.halted();
    JsonNode cd = api.call("VBD.create", Vms.cdRecord(vm, "3"));
    JsonNode disk = vms.drive(vm, vms.disk(), "0");
    vms.start(vm);

    assertThat(api.refusal("VBD.eject", cd)).containsExactly("VBD_IS_EMPTY", cd.asString());
    assertThat(api.refusal("VBD.insert", disk, vms.disk()))
        .containsExactly("VBD_NOT_REMOVABLE_MEDIA", disk.asString());
    assertThat(api.refusal("VBD.eject", disk))
        .containsExactly("VBD_NOT_REMOVABLE_MEDIA", disk.asString());
  }

  @Test
  void attachedDiskIsNotDestroyed() {
    JsonNode vm = vms.halted();
    JsonNode vdi = vms.disk();
    vms.drive(vm, vdi, "0");
    vms.start(vm);
    assertThat(api.refusal("VDI.destroy", vdi))
        .containsExactly("VDI_IN_USE", vdi.asString(), "destroy");
    assertThat(strings(api.call("VDI.get_allowed_operations", vdi))).doesNotContain("destroy");
  }

  @Test
  void diskGrowsForksAndKeepsItsKin() {
    JsonNode vdi = vms.disk();
    api.call("VDI.resize", vdi, number(8 << 20));
    assertThat(api.call("VDI.get_virtual_size", vdi).asLong()).isEqualTo(8 << 20);

    JsonNode snapshot = api.call("VDI.snapshot", vdi, map(Map.of()));
    JsonNode clone = api.call("VDI.clone", vdi, map(Map.of()));
    assertThat(api.call("VDI.get_is_a_snapshot", snapshot)).isEqualTo(YES);
    assertThat(api.call("VDI.get_snapshot_of", snapshot)).isEqualTo(vdi);
    assertThat(strings(api.call("VDI.get_snapshots", vdi))).contains(snapshot.asString());
    assertThat(api.call("VDI.get_virtual_size", clone).asLong()).isEqualTo(8 << 20);
    api.call("VDI.destroy", clone);
    api.call("VDI.destroy", snapshot);
  }

  @Test
  void repositoryInUseIsNeitherDestroyedNorForgotten() {
    JsonNode sr = vms.defaultSr();
    assertThat(api.refusal("SR.destroy", sr)).containsExactly("SR_HAS_PBD", sr.asString());
    assertThat(api.refusal("SR.forget", sr)).containsExactly("SR_HAS_PBD", sr.asString());
  }

  @Test
  void vmWhoseRepositoryIsUnpluggedIsNotStarted() {
    JsonNode sr = vms.defaultSr();
    JsonNode vm = vms.halted();
    vms.drive(vm, vms.disk(), "0");
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode pbds = api.call("SR.get_PBDs", sr);
    pbds.forEach(pbd -> api.call("PBD.unplug", pbd));
    try {
      assertThat(api.refusal("VM.start_on", vm, host, NO, NO))
          .containsExactly("VM_REQUIRES_SR", vm.asString(), sr.asString());
    } finally {
      pbds.forEach(pbd -> api.call("PBD.plug", pbd));
    }
    vms.start(vm);
  }

  @Test
  void networksOfTheSystemStay() {
    JsonNode internal =
        api.call("network.get_by_name_label", text("Host internal management network")).get(0);
    assertThat(api.refusal("network.destroy", internal))
        .containsExactly("CANNOT_DESTROY_SYSTEM_NETWORK", internal.asString());
    for (JsonNode pif : api.call("PIF.get_all")) {
      JsonNode network = api.call("PIF.get_network", pif);
      assertThat(api.refusal("network.destroy", network))
          .startsWith("NETWORK_CONTAINS_PIF")
          .contains(pif.asString());
    }
  }

  @Test
  void unattachedCardsGoWithTheirNetwork() {
    JsonNode network = vms.network("short-lived");
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vms.halted(), network, "0", ""));
    api.call("network.destroy", network);
    assertThat(api.refusal("VIF.get_record", vif))
        .containsExactly("HANDLE_INVALID", "VIF", vif.asString());
  }
}
