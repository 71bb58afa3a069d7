package io.keelson.host.sim;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DiskSpec.Kind;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Drives of a simulated machine, with the refusals of a real one. */
final class SimulatedDevices {
  private SimulatedDevices() {}

  static SimulatedDomain plug(SimulatedDomain domain, DiskSpec disk) {
    if (disk.kind() != Kind.DISK) {
      throw new DriverException(
          Reason.UNSUPPORTED, "a " + disk.kind() + " drive cannot be plugged in while it runs");
    }
    if (domain.spec().disks().stream().anyMatch(d -> d.device() == disk.device())) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "disk" + disk.device() + " is plugged in already");
    }
    if (disk.source().isEmpty()) {
      throw new DriverException(Reason.INVALID, "the disk has no source");
    }
    return domain.changed(
        c -> c.disks(Stream.concat(domain.spec().disks().stream(), Stream.of(disk)).toList()));
  }

  static SimulatedDomain unplugDisk(SimulatedDomain domain, int device) {
    DiskSpec disk = find(domain, device);
    if (disk.kind() != Kind.DISK) {
      throw new DriverException(
          Reason.UNSUPPORTED, "a " + disk.kind() + " drive cannot be unplugged while it runs");
    }
    return domain.changed(
        c -> c.disks(domain.spec().disks().stream().filter(d -> d.device() != device).toList()));
  }

  static SimulatedDomain media(SimulatedDomain domain, int device, Optional<DiskSource> media) {
    if (find(domain, device).kind() == Kind.DISK) {
      throw new DriverException(Reason.UNSUPPORTED, "disk " + device + " is not removable");
    }
    return source(domain, device, media);
  }

  static SimulatedDomain source(SimulatedDomain domain, int device, Optional<DiskSource> source) {
    DiskSpec changed = find(domain, device).with(source);
    List<DiskSpec> disks =
        domain.spec().disks().stream().map(d -> d.device() == device ? changed : d).toList();
    return domain.changed(c -> c.disks(disks));
  }

  static DiskSpec find(SimulatedDomain domain, int device) {
    return domain.spec().disks().stream()
        .filter(disk -> disk.device() == device)
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no drive " + device));
  }

  static SimulatedDomain switchDisks(SimulatedDomain domain, Map<Integer, DiskSource> overlays) {
    SimulatedDomain switched = domain;
    for (Map.Entry<Integer, DiskSource> overlay : overlays.entrySet()) {
      switched = source(switched, overlay.getKey(), Optional.of(overlay.getValue()));
    }
    return switched;
  }

  static SimulatedDomain plug(SimulatedDomain domain, NicSpec nic) {
    List<NicSpec> nics = domain.spec().nics();
    if (nics.stream().anyMatch(n -> n.device() == nic.device())) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "nic" + nic.device() + " is plugged in already");
    }
    return domain.changed(c -> c.nics(Stream.concat(nics.stream(), Stream.of(nic)).toList()));
  }

  static SimulatedDomain unplugNic(SimulatedDomain domain, int device) {
    List<NicSpec> nics = domain.spec().nics();
    List<NicSpec> left = nics.stream().filter(n -> n.device() != device).toList();
    if (left.size() == nics.size()) {
      throw new DriverException(Reason.NOT_FOUND, "no network card " + device);
    }
    return domain.changed(c -> c.nics(left));
  }
}
