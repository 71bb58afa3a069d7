package io.keelson.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

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
 * @param tpm its TPM 2.0, if it has one
 * @param devices of its host that it has
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
    Scheduling scheduling,
    Optional<UUID> tpm,
    List<DeviceSpec> devices) {

  /**
   * A machine without a TPM and devices of its host that tells its guest nothing of itself, and
   * whose processors are as all are.
   */
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
        platform,
        Scheduling.USUAL,
        Optional.empty(),
        List.of());
  }

  public DomainSpec {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
    devices = List.copyOf(devices);
    platform = Map.copyOf(platform);
  }

  /** Raises INVALID for a machine that cannot be: processors or memory are out of their range. */
  public void check() {
    boolean wrong =
        processors < 1
            || processorsMax < processors
            || memoryMaxBytes < 1 << 20
            || memoryTargetBytes > memoryMaxBytes;
    if (wrong) {
      throw new DriverException(
          DriverException.Reason.INVALID,
          "processors or memory of the machine are out of their range");
    }
  }

  /** The same machine, with changes. */
  public DomainSpec with(Consumer<Changes> changes) {
    Changes made = new Changes(this);
    changes.accept(made);
    return new DomainSpec(
        vm,
        name,
        memoryMaxBytes,
        made.memoryTargetBytes,
        made.processors,
        processorsMax,
        boot,
        made.disks,
        made.nics,
        made.facts,
        platform,
        made.scheduling,
        made.tpm,
        made.devices);
  }

  /** What can change of a machine from one run to the next, or in a run. */
  public static final class Changes {
    private long memoryTargetBytes;
    private int processors;
    private List<DiskSpec> disks;
    private List<NicSpec> nics;
    private GuestFacts facts;
    private Scheduling scheduling;
    private Optional<UUID> tpm;
    private List<DeviceSpec> devices;

    private Changes(DomainSpec spec) {
      memoryTargetBytes = spec.memoryTargetBytes;
      processors = spec.processors;
      disks = spec.disks;
      nics = spec.nics;
      facts = spec.facts;
      scheduling = spec.scheduling;
      tpm = spec.tpm;
      devices = spec.devices;
    }

    public Changes memoryTargetBytes(long bytes) {
      memoryTargetBytes = bytes;
      return this;
    }

    public Changes processors(int count) {
      processors = count;
      return this;
    }

    public Changes disks(List<DiskSpec> all) {
      disks = all;
      return this;
    }

    public Changes nics(List<NicSpec> all) {
      nics = all;
      return this;
    }

    public Changes facts(GuestFacts told) {
      facts = told;
      return this;
    }

    public Changes tpm(Optional<UUID> its) {
      tpm = its;
      return this;
    }

    public Changes devices(List<DeviceSpec> all) {
      devices = all;
      return this;
    }

    public Changes scheduling(Scheduling shares) {
      scheduling = shares;
      return this;
    }
  }
}
