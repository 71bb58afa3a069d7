package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmMetricsFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The templates of operating systems that a new pool has. */
final class Templates {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** An operating system that is installed from a CD image or over the network. */
  private record Template(String name, Family family, long memoryMib, long diskGib) {}

  private enum Family {
    /** Nothing is known of the guest. */
    OTHER,
    LINUX,
    WINDOWS
  }

  private static final List<Template> ALL =
      List.of(
          new Template("Other install media", Family.OTHER, 256, 0),
          new Template("AlmaLinux 9", Family.LINUX, 2048, 20),
          new Template("Debian Bookworm 12", Family.LINUX, 1024, 10),
          new Template("Debian Trixie 13", Family.LINUX, 1024, 10),
          new Template("Red Hat Enterprise Linux 9", Family.LINUX, 2048, 20),
          new Template("Rocky Linux 9", Family.LINUX, 2048, 20),
          new Template("SUSE Linux Enterprise 15 (64-bit)", Family.LINUX, 2048, 20),
          new Template("Ubuntu Jammy Jellyfish 22.04", Family.LINUX, 2048, 10),
          new Template("Ubuntu Noble Numbat 24.04", Family.LINUX, 2048, 10),
          new Template("Windows 10 (64-bit)", Family.WINDOWS, 4096, 64),
          new Template("Windows 11", Family.WINDOWS, 4096, 64),
          new Template("Windows Server 2019 (64-bit)", Family.WINDOWS, 4096, 64),
          new Template("Windows Server 2022 (64-bit)", Family.WINDOWS, 4096, 64));

  private Templates() {}

  static void make(Transaction tx) {
    ALL.forEach(template -> make(tx, record(template)));
  }

  /** Adds a template with its metrics. */
  static Ref<Vm> make(Transaction tx, Vm template) {
    Ref<VmMetrics> metrics =
        tx.create(
            ApiModel.VM_METRICS,
            VmMetricsFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    return tx.create(
        ApiModel.VM, template.with(b -> b.uuid(UUID.randomUUID().toString()).metrics(metrics)));
  }

  /** What all templates have in common. */
  static Vm blank(String name, String description, long memoryMib) {
    return VmFields.API_CLASS
        .blank()
        .with(b ->
            b.nameLabel(name)
                .nameDescription(description)
                .isATemplate(true)
                .powerState(VmPowerState.HALTED)
                .domid(-1)
                .memoryStaticMin(memoryMib / 2 * MIB)
                .memoryDynamicMin(memoryMib * MIB)
                .memoryDynamicMax(memoryMib * MIB)
                .memoryStaticMax(memoryMib * MIB)
                .memoryTarget(memoryMib * MIB)
                .vcpusMax(1)
                .vcpusAtStartup(1)
                .hvmShadowMultiplier(1)
                .actionsAfterShutdown(OnNormalExit.DESTROY)
                .actionsAfterReboot(OnNormalExit.RESTART)
                .actionsAfterCrash(OnCrashBehaviour.RESTART)
                .recommendations(recommendations()));
  }

  private static Vm record(Template template) {
    Map<String, String> otherConfig = new HashMap<>();
    otherConfig.put("default_template", "true");
    otherConfig.put("install-methods", "cdrom");
    if (template.diskGib() > 0) {
      otherConfig.put("disks", disk(template.diskGib() * GIB));
    }
    if (template.family() == Family.LINUX) {
      otherConfig.put("linux_template", "true");
    }
    return blank(template.name(), "To be installed from a CD image", template.memoryMib())
        .with(b ->
            b.hvmBootPolicy("BIOS order")
                .hvmBootParams(Map.of("order", "dc"))
                .platform(platform(template.family()))
                .otherConfig(Map.copyOf(otherConfig)));
  }

  private static Map<String, String> platform(Family family) {
    Map<String, String> platform = new HashMap<>();
    platform.put("acpi", "1");
    platform.put("apic", "true");
    platform.put("nx", "true");
    platform.put("pae", "true");
    switch (family) {
      case WINDOWS -> {
        platform.put("device_id", "0002");
        platform.put("hpet", "true");
        platform.put("viridian", "true");
      }
      case OTHER, LINUX -> platform.put("viridian", "false");
    }
    return Map.copyOf(platform);
  }

  private static String disk(long bytes) {
    return "<provision><disk device=\"0\" size=\""
        + bytes
        + "\" sr=\"\" bootable=\"true\" type=\"system\"/></provision>";
  }

  private static String recommendations() {
    return "<restrictions>"
        + "<restriction field=\"memory-static-max\" max=\"1649267441664\"/>"
        + "<restriction field=\"vcpus-max\" max=\"64\"/>"
        + "<restriction property=\"number-of-vbds\" max=\"255\"/>"
        + "<restriction property=\"number-of-vifs\" max=\"7\"/>"
        + "</restrictions>";
  }
}
