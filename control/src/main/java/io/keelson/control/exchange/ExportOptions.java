package io.keelson.control.exchange;

import java.util.Set;

/**
 * What goes into an export.
 *
 * @param snapshots whether the VMs' snapshots go along
 * @param powerState whether a suspended VM has to stay suspended; else it is halted
 * @param diskParents whether what is known of the disks goes along that the VMs' disks rest on
 * @param excluded devices that stay behind, with what they alone need
 */
public record ExportOptions(
    boolean snapshots, boolean powerState, boolean diskParents, Set<DeviceType> excluded) {
  public ExportOptions {
    excluded = Set.copyOf(excluded);
  }

  /** With all devices. */
  public ExportOptions(boolean snapshots, boolean powerState) {
    this(snapshots, powerState, false, Set.of());
  }
}
