package io.keelson.host.qemu;

import io.keelson.host.Boot;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.GuestFacts;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import io.keelson.host.Scheduling;
import io.keelson.host.qemu.qmp.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** A domain's record as JSON, for its folder and for the head of a suspend image. */
final class DomainRecordJson {
  private DomainRecordJson() {}

  static Json.Members write(DomainRecord record) {
    Json.Builder slots = Json.object();
    record.slots().forEach((id, slot) -> slots.put(id, slot));
    Json.Builder json =
        Json.object()
            .put("domid", record.domid())
            .put("machine", record.machine())
            .put("accelerator", record.accelerator().name())
            .put("slots", slots.build())
            .put("spec", spec(record.spec()));
    record.rebootAsked().ifPresent(asked -> json.put("reboot_asked", asked.toString()));
    return json.build();
  }

  /** Raises IllegalArgumentException for what {@link #write} did not write. */
  static DomainRecord read(Json json) {
    Json.Members record = members(json);
    SortedMap<String, Integer> slots = new TreeMap<>();
    Json.Members bySlot = record.members("slots");
    bySlot.values().keySet().forEach(id -> slots.put(id, (int) bySlot.number(id, 0)));
    return new DomainRecord(
        record.number("domid", 0),
        spec(record.members("spec")),
        slots,
        text(record, "machine"),
        Accelerator.valueOf(text(record, "accelerator")),
        record.text("reboot_asked").map(Instant::parse));
  }

  private static Json.Members spec(DomainSpec spec) {
    Json.Builder json = machine(spec);
    spec.tpm().ifPresent(tpm -> json.put("tpm", tpm.toString()));
    return json.build();
  }

  private static Json.Builder machine(DomainSpec spec) {
    return Json.object()
        .put("vm", spec.vm().toString())
        .put("name", spec.name())
        .put("memory_max", spec.memoryMaxBytes())
        .put("memory_target", spec.memoryTargetBytes())
        .put("processors", spec.processors())
        .put("processors_max", spec.processorsMax())
        .put("boot", boot(spec.boot()))
        .put("disks", new Json.Items(spec.disks().stream().map(DomainRecordJson::disk).toList()))
        .put("nics", new Json.Items(spec.nics().stream().map(DomainRecordJson::nic).toList()))
        .put("devices", DeviceJson.all(spec.devices()))
        .put("bios_strings", texts(spec.facts().biosStrings()))
        .put("generation", spec.facts().generation().map(UUID::toString).orElse(""))
        .put("data", texts(spec.facts().data()))
        .put("agent_settings", texts(spec.facts().agentSettings()))
        .put("platform", texts(spec.platform()))
        .put(
            "host_processors",
            new Json.Items(
                spec.scheduling().processors().stream()
                    .map(number -> (Json) new Json.Whole(number))
                    .toList()))
        .put("weight", spec.scheduling().weight())
        .put("cap", spec.scheduling().capPercent());
  }

  private static DomainSpec spec(Json.Members spec) {
    return new DomainSpec(
        UUID.fromString(text(spec, "vm")),
        text(spec, "name"),
        spec.number("memory_max", 0),
        spec.number("memory_target", 0),
        (int) spec.number("processors", 1),
        (int) spec.number("processors_max", 1),
        boot(spec.members("boot")),
        spec.items("disks").stream().map(disk -> disk(members(disk))).toList(),
        spec.items("nics").stream().map(nic -> nic(members(nic))).toList(),
        new GuestFacts(
            texts(spec, "bios_strings"),
            spec.text("generation").filter(text -> !text.isEmpty()).map(UUID::fromString),
            texts(spec, "data"),
            texts(spec, "agent_settings")),
        texts(spec, "platform"),
        scheduling(spec),
        spec.text("tpm").map(UUID::fromString),
        DeviceJson.read(spec.items("devices")));
  }

  private static Scheduling scheduling(Json.Members spec) {
    SortedSet<Integer> processors = new TreeSet<>();
    for (Json item : spec.items("host_processors")) {
      if (item instanceof Json.Whole(long number)) {
        processors.add((int) number);
      }
    }
    return new Scheduling(
        processors,
        (int) spec.number("weight", Scheduling.USUAL_WEIGHT),
        (int) spec.number("cap", 0));
  }

  private static Json texts(Map<String, String> map) {
    Json.Builder json = Json.object();
    map.forEach((key, value) -> json.put(key, value));
    return json.build();
  }

  /** Empty for a member that is not there: records of before had fewer. */
  private static Map<String, String> texts(Json.Members in, String name) {
    Json.Members map = in.members(name);
    return map.values().keySet().stream()
        .collect(Collectors.toMap(key -> key, key -> text(map, key)));
  }

  private static Json boot(Boot boot) {
    return switch (boot) {
      case Boot.Firmware(List<Boot.Device> order) ->
          Json.object()
              .put(
                  "order",
                  new Json.Items(
                      order.stream().map(kind -> (Json) new Json.Text(kind.name())).toList()))
              .build();
      case Boot.Kernel(Path kernel, Optional<Path> ramdisk, String arguments) -> {
        Json.Builder json =
            Json.object().put("kernel", kernel.toString()).put("arguments", arguments);
        ramdisk.ifPresent(file -> json.put("ramdisk", file.toString()));
        yield json.build();
      }
    };
  }

  private static Boot boot(Json.Members boot) {
    return boot.text("kernel").isPresent()
        ? new Boot.Kernel(
            Path.of(text(boot, "kernel")),
            boot.text("ramdisk").map(Path::of),
            text(boot, "arguments"))
        : new Boot.Firmware(
            boot.items("order").stream()
                .map(kind -> Boot.Device.valueOf(((Json.Text) kind).value()))
                .toList());
  }

  private static Json disk(DiskSpec disk) {
    Json.Builder json =
        Json.object()
            .put("device", disk.device())
            .put("kind", disk.kind().name())
            .put("read_only", disk.readOnly())
            .put("bootable", disk.bootable())
            .put("serial", disk.serial());
    disk.source()
        .ifPresent(source -> {
          json.put("location", source.location()).put("format", source.format().name());
          source.reads().ifPresent(path -> json.put("reads", path));
        });
    return json.build();
  }

  private static DiskSpec disk(Json.Members disk) {
    return new DiskSpec(
        (int) disk.number("device", 0),
        DiskSpec.Kind.valueOf(text(disk, "kind")),
        disk.text("location")
            .map(at ->
                new DiskSource(
                    at, DiskSource.Format.valueOf(text(disk, "format")), disk.text("reads"))),
        disk.isTrue("read_only"),
        disk.isTrue("bootable"),
        text(disk, "serial"));
  }

  private static Json nic(NicSpec nic) {
    Json.Builder json =
        Json.object().put("device", nic.device()).put("mac", nic.mac()).put("mtu", nic.mtu());
    switch (nic.attachment()) {
      case NicAttachment.Tap(String tap) -> json.put("tap", tap);
      case NicAttachment.Multicast(String group, int port) ->
          json.put("group", group).put("port", port);
      case NicAttachment.User() -> json.put("user", true);
      case NicAttachment.Unconnected() -> json.put("user", false);
    }
    return json.build();
  }

  private static NicSpec nic(Json.Members nic) {
    NicAttachment attachment;
    if (nic.text("tap").isPresent()) {
      attachment = new NicAttachment.Tap(text(nic, "tap"));
    } else if (nic.text("group").isPresent()) {
      attachment = new NicAttachment.Multicast(text(nic, "group"), (int) nic.number("port", 0));
    } else {
      attachment = nic.isTrue("user") ? new NicAttachment.User() : new NicAttachment.Unconnected();
    }
    return new NicSpec(
        (int) nic.number("device", 0), text(nic, "mac"), (int) nic.number("mtu", 0), attachment);
  }

  private static Json.Members members(Json json) {
    if (json instanceof Json.Members members) {
      return members;
    }
    throw new IllegalArgumentException("not a record of a domain");
  }

  private static String text(Json.Members members, String key) {
    return members
        .text(key)
        .orElseThrow(() -> new IllegalArgumentException("the record lacks " + key));
  }
}
