package io.keelson.host;

import java.util.UUID;

/** A device of its host that a machine has, for as long as it runs. */
public sealed interface DeviceSpec {

  /** Where the device sits, or the one of which it is a part: its PCI bus address. */
  String address();

  /**
   * All of a device.
   *
   * @param returns whether the host's own drivers have it again afterwards
   */
  record Whole(String address, boolean returns) implements DeviceSpec {}

  /**
   * A part of a graphics processor that divides itself.
   *
   * @param id of the part, one for each run
   * @param type what kind of part, as {@link PciDevice.Share} identifies it
   */
  record Part(UUID id, String address, String type) implements DeviceSpec {}
}
