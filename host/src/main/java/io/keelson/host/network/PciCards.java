package io.keelson.host.network;

import io.keelson.host.Network.Card;
import io.keelson.host.device.PciNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Who made the cards on the PCI bus. Their numbers come from the kernel, their names from the list
 * that Linux distributions carry, where it is installed.
 *
 * @param root where {@code sys} and {@code usr} lie
 */
record PciCards(Path root) {
  /** The card at a bus address; {@link Card#NONE} for an empty address. */
  Card at(String address) {
    String vendor = address.isEmpty() ? "" : id(address, "vendor");
    if (vendor.isEmpty()) {
      return Card.NONE;
    }
    String device = id(address, "device");
    String vendorKey = PciNames.vendorKey(vendor);
    String deviceKey = PciNames.deviceKey(vendor, device);
    PciNames names = PciNames.read(root, Set.of(vendorKey, deviceKey));
    return new Card(
        vendor, names.find(vendorKey).orElse(""), device, names.find(deviceKey).orElse(""));
  }

  /** The kernel writes 0x1af4. */
  private String id(String address, String fact) {
    Path file = root.resolve("sys/bus/pci/devices").resolve(address).resolve(fact);
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).strip().replaceFirst("^0x", "");
    } catch (IOException e) {
      return "";
    }
  }
}
