package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainChanges;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicSpec;
import io.keelson.host.qemu.qmp.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plugs devices into a domain and takes them out again. Its lock is held. */
final class Hotplug {
  private final LiveDomain domain;
  private final BlockNodes nodes;

  Hotplug(LiveDomain domain) {
    this.domain = domain;
    this.nodes = new BlockNodes(domain);
  }

  void plugDisk(DiskSpec disk) {
    domain.requireUsable();
    DomainSpec plugged = DomainChanges.plug(spec(), disk);
    String id = Slots.id(disk);
    int slot = Slots.free(domain.record().slots());
    String node = nodes.open(id, disk.source().orElseThrow(), disk.readOnly());
    try {
      add(DeviceOptions.disk(disk, node, slot, spec().processorsMax()));
    } catch (DriverException e) {
      nodes.close(id);
      throw e;
    }
    keep(plugged, id, slot);
  }

  void unplugDisk(int device) {
    domain.requireUsable();
    DomainSpec unplugged = DomainChanges.unplugDisk(spec(), device);
    String id = Slots.diskId(device);
    takeOut(id);
    nodes.close(id);
    forget(unplugged, id);
  }

  void plugNic(NicSpec nic) {
    domain.requireUsable();
    domain.requireStaying();
    DomainSpec plugged = DomainChanges.plug(spec(), nic);
    String id = Slots.nicId(nic.device());
    int slot = Slots.free(domain.record().slots());
    Optional<Json.Builder> backend = DeviceOptions.netdev(nic);
    backend.ifPresent(b -> domain.execute("netdev_add", b));
    try {
      add(DeviceOptions.nic(nic, slot).put("romfile", ""));
    } catch (DriverException e) {
      if (backend.isPresent()) {
        domain.execute("netdev_del", Json.object().put("id", id + "-net"));
      }
      throw e;
    }
    keep(plugged, id, slot);
  }

  void unplugNic(int device) {
    domain.requireUsable();
    domain.requireStaying();
    NicSpec nic = DomainChanges.card(spec(), device);
    DomainSpec unplugged = DomainChanges.unplugNic(spec(), device);
    String id = Slots.nicId(device);
    takeOut(id);
    if (DeviceOptions.netdev(nic).isPresent()) {
      domain.execute("netdev_del", Json.object().put("id", id + "-net"));
    }
    forget(unplugged, id);
  }

  /** Changes what is in a removable drive; the old medium stays when the new one cannot be read. */
  void changeMedia(int device, Optional<DiskSource> media) {
    domain.requireUsable();
    DiskSpec drive = DomainChanges.removable(spec(), device);
    String id = Slots.id(drive);
    List<String> before = nodes.of(id);
    Optional<String> node =
        media.map(source -> nodes.open(id, source, DeviceOptions.readOnly(drive)));
    Json.Builder open = Json.object().put("id", id).put("force", true);
    domain.execute("blockdev-open-tray", open);
    domain.execute("blockdev-remove-medium", Json.object().put("id", id));
    node.ifPresent(name ->
        domain.execute(
            "blockdev-insert-medium", Json.object().put("id", id).put("node-name", name)));
    domain.execute("blockdev-close-tray", Json.object().put("id", id));
    nodes.close(before);
    DiskRecords.replace(domain, device, media);
  }

  /** Continues disks on empty overlays, with what is there at that instant frozen below them. */
  void switchDisks(Map<Integer, DiskSource> overlays) {
    domain.requireUsable();
    List<String> opened = new ArrayList<>();
    List<Json> actions = new ArrayList<>();
    try {
      overlays.forEach((device, overlay) -> {
        String id = Slots.id(DiskRecords.find(domain, device));
        String below = nodes.inUse(id);
        String node = nodes.add(id, name -> Blockdev.overlay(name, overlay));
        opened.add(node);
        Json data = Json.object().put("node", below).put("overlay", node).build();
        actions.add(Json.object().put("type", "blockdev-snapshot").put("data", data).build());
      });
      domain.execute("transaction", Json.object().put("actions", new Json.Items(actions)));
    } catch (DriverException e) {
      nodes.close(opened);
      throw e;
    }
    overlays.forEach(
        (device, overlay) -> DiskRecords.replace(domain, device, Optional.of(overlay)));
  }

  void resizeDisk(int device, long bytes) {
    domain.requireUsable();
    if (domain.run() == LiveDomain.Run.PAUSED) {
      Suspension.reclaim(domain);
    }
    String node = nodes.inUse(Slots.id(DiskRecords.find(domain, device)));
    domain.execute("block_resize", Json.object().put("node-name", node).put("size", bytes));
  }

  private void add(Json.Builder device) {
    try {
      domain.execute("device_add", device);
    } catch (DriverException e) {
      throw isFixed(e)
          ? new DriverException(Reason.UNSUPPORTED, "the VM's devices are fixed while it runs", e)
          : e;
    }
  }

  /** Without ACPI a guest cannot be told of devices that come or are to go. */
  private static boolean isFixed(DriverException e) {
    return String.valueOf(e.getMessage()).contains("does not support hotplugging");
  }

  private void takeOut(String id) {
    domain.unplugs().expect(id);
    try {
      domain.execute("device_del", Json.object().put("id", id));
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        domain.unplugs().forget(id);
        return; // the guest let go of it after an earlier request had given up
      }
      if (!String.valueOf(e.getMessage()).contains("in the process of unplug")) {
        domain.unplugs().forget(id);
        throw isFixed(e)
            ? new DriverException(
                Reason.REJECTED_BY_GUEST, "the guest cannot be asked to let go of " + id, e)
            : e;
      }
    }
    domain.unplugs().await(id, domain.settings().unplug());
  }

  private DomainSpec spec() {
    return domain.record().spec();
  }

  private void keep(DomainSpec spec, String id, int slot) {
    SortedMap<String, Integer> slots = new TreeMap<>(domain.record().slots());
    slots.put(id, slot);
    domain.update(record -> record.withSpec(spec).withSlots(slots));
  }

  private void forget(DomainSpec spec, String id) {
    SortedMap<String, Integer> slots = new TreeMap<>(domain.record().slots());
    slots.remove(id);
    domain.update(record -> record.withSpec(spec).withSlots(slots));
  }
}
