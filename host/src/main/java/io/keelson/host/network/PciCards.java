package io.keelson.host.network;

import io.keelson.host.Network.Card;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who made the cards on the PCI bus. Their numbers come from the kernel, their names from the list
 * that Linux distributions carry, where it is installed.
 *
 * @param root where {@code sys} and {@code usr} lie
 */
record PciCards(Path root) {
  private static final List<String> LISTS =
      List.of("usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids");

  /** The card at a bus address; {@link Card#NONE} for an empty address. */
  Card at(String address) {
    String vendor = address.isEmpty() ? "" : id(address, "vendor");
    if (vendor.isEmpty()) {
      return Card.NONE;
    }
    String device = id(address, "device");
    Optional<Path> list = LISTS.stream().map(root::resolve).filter(Files::isReadable).findFirst();
    return new Card(
        vendor,
        list.flatMap(names -> vendorName(names, vendor)).orElse(""),
        device,
        list.flatMap(names -> deviceName(names, vendor, device)).orElse(""));
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

  /** A vendor's line begins with its number, those of its devices follow, each after a tab. */
  private static Optional<String> vendorName(Path list, String vendor) {
    try (Stream<String> lines = Files.lines(list, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(vendor + "  "))
          .map(line -> line.substring(vendor.length()).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> deviceName(Path list, String vendor, String device) {
    try (Stream<String> lines = Files.lines(list, StandardCharsets.ISO_8859_1)) {
      return lines
          .dropWhile(line -> !line.startsWith(vendor + "  "))
          .skip(1)
          .takeWhile(line -> line.startsWith("\t") || line.startsWith("#"))
          .filter(line -> line.startsWith("\t" + device + "  "))
          .map(line -> line.substring(1 + device.length()).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
