package io.keelson.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A machine to build.
 *
 * @param vm the virtual machine's uuid, also the machine's SMBIOS uuid
 * @param name for people reading process lists; not an identity
 * @param memoryMaxBytes what the guest sees at most (static maximum)
 * @param memoryTargetBytes what its balloon is set to at the start, at most the maximum
 * @param processors on line at the start
 * @param processorsMax that can be brought on line later, at least {@code processors}
 * @param boot where it boots from
 * @param disks by device number
 * @param nics by device number
 * @param facts what its guest can read about it
 * @param platform XenAPI platform flags that a driver may honour (acpi, nx, viridian ...)
 * @param scheduling how its processors share the host's
 */
public record DomainSpec(
    UUID vm,
    String name,
    long memoryMaxBytes,
    long memoryTargetBytes,
    int processors,
    int processorsMax,
    Boot boot,
    List<DiskSpec> disks,
    List<NicSpec> nics,
    GuestFacts facts,
    Map<String, String> platform,
    Scheduling scheduling) {

  /** A machine whose processors are nothing special. */
  public DomainSpec(
      UUID vm,
      String name,
      long memoryMaxBytes,
      long memoryTargetBytes,
      int processors,
      int processorsMax,
      Boot boot,
      List<DiskSpec> disks,
      List<NicSpec> nics,
      GuestFacts facts,
      Map<String, String> platform) {
    this(
        vm,
        name,
        memoryMaxBytes,
        memoryTargetBytes,
        processors,
        processorsMax,
        boot,
        disks,
        nics,
        facts,
        platform,
        Scheduling.USUAL);
  }

  /** A machine that tells its guest nothing of itself. */
  public DomainSpec(
      UUID vm,
      String name,
      long memoryMaxBytes,
      long memoryTargetBytes,
      int processors,
      int processorsMax,
      Boot boot,
      List<DiskSpec> disks,
      List<NicSpec> nics,
      Map<String, String> platform) {
    this(
        vm,
        name,
        memoryMaxBytes,
        memoryTargetBytes,
        processors,
        processorsMax,
        boot,
        disks,
        nics,
        GuestFacts.NONE,
        platform);
  }

  public DomainSpec {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
    platform = Map.copyOf(platform);
  }
}
