package io.keelson.host;

import io.keelson.host.DiskSpec.Kind;
import io.keelson.host.DriverException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a domain's machine becomes when it changes while it runs, and what cannot be done with any,
 * whatever runs it.
 */
public final class DomainChanges {
  private DomainChanges() {}

  /** The drive of a number; raises NOT_FOUND. */
  public static DiskSpec drive(DomainSpec spec, int device) {
    return spec.disks().stream()
        .filter(disk -> disk.device() == device)
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no drive " + device));
  }

  /**
   * With one more disk. Raises UNSUPPORTED for drives that are fixed at the start, ALREADY_EXISTS,
   * and INVALID for a disk that holds nothing.
   */
  public static DomainSpec plug(DomainSpec spec, DiskSpec disk) {
    if (disk.kind() != Kind.DISK) {
      throw new DriverException(
          Reason.UNSUPPORTED, "a " + disk.kind() + " drive cannot be plugged in while it runs");
    }
    if (spec.disks().stream().anyMatch(other -> other.device() == disk.device())) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "disk" + disk.device() + " is plugged in already");
    }
    if (disk.source().isEmpty()) {
      throw new DriverException(Reason.INVALID, "the disk has no source");
    }
    return spec.with(
        changes -> changes.disks(Stream.concat(spec.disks().stream(), Stream.of(disk)).toList()));
  }

  /** Without a disk. Raises NOT_FOUND, and UNSUPPORTED for drives that are fixed at the start. */
  public static DomainSpec unplugDisk(DomainSpec spec, int device) {
    DiskSpec disk = drive(spec, device);
    if (disk.kind() != Kind.DISK) {
      throw new DriverException(
          Reason.UNSUPPORTED, "a " + disk.kind() + " drive cannot be unplugged while it runs");
    }
    return spec.with(
        changes -> changes.disks(spec.disks().stream().filter(d -> d.device() != device).toList()));
  }

  /** The drive, when what is in it can be taken out. Raises NOT_FOUND, UNSUPPORTED. */
  public static DiskSpec removable(DomainSpec spec, int device) {
    DiskSpec drive = drive(spec, device);
    if (drive.kind() == Kind.DISK) {
      throw new DriverException(Reason.UNSUPPORTED, "disk " + device + " is not removable");
    }
    return drive;
  }

  /** With something else in a drive; raises NOT_FOUND. */
  public static DomainSpec source(DomainSpec spec, int device, Optional<DiskSource> source) {
    DiskSpec changed = drive(spec, device).with(source);
    List<DiskSpec> disks =
        spec.disks().stream().map(disk -> disk.device() == device ? changed : disk).toList();
    return spec.with(changes -> changes.disks(disks));
  }

  /** The network card of a number; raises NOT_FOUND. */
  public static NicSpec card(DomainSpec spec, int device) {
    return spec.nics().stream()
        .filter(nic -> nic.device() == device)
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no network card " + device));
  }

  /** With one more network card; raises ALREADY_EXISTS. */
  public static DomainSpec plug(DomainSpec spec, NicSpec nic) {
    if (spec.nics().stream().anyMatch(other -> other.device() == nic.device())) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "nic" + nic.device() + " is plugged in already");
    }
    return spec.with(
        changes -> changes.nics(Stream.concat(spec.nics().stream(), Stream.of(nic)).toList()));
  }

  /** Without a network card; raises NOT_FOUND. */
  public static DomainSpec unplugNic(DomainSpec spec, int device) {
    NicSpec gone = card(spec, device);
    return spec.with(changes ->
        changes.nics(spec.nics().stream().filter(nic -> nic.device() != gone.device()).toList()));
  }

  /** With another target of its balloon; raises INVALID. */
  public static DomainSpec memoryTarget(DomainSpec spec, long bytes) {
    if (bytes < 1 || bytes > spec.memoryMaxBytes()) {
      throw new DriverException(Reason.INVALID, "a memory target out of the machine's range");
    }
    return spec.with(changes -> changes.memoryTargetBytes(bytes));
  }

  /**
   * With so many processors on line. Raises INVALID for more than there is room for, UNSUPPORTED
   * for fewer than there are.
   */
  public static DomainSpec processors(DomainSpec spec, int count) {
    if (count > spec.processorsMax()) {
      throw new DriverException(
          Reason.INVALID, "the machine has room for " + spec.processorsMax() + " processors only");
    }
    if (count < spec.processors()) {
      throw new DriverException(
          Reason.UNSUPPORTED, "processors cannot be taken from a running guest");
    }
    return spec.with(changes -> changes.processors(count));
  }
}
