package io.keelson.host.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What makers and devices are called, from the list that Linux distributions carry. Where the list
 * or a name in it is missing, the number stands for it, in the words of {@code lspci}.
 */
public final class PciNames {
  private static final List<String> LISTS =
      List.of("usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids");
  private static final String CLASS = "C ";

  private final Map<String, String> names;

  private PciNames(Map<String, String> names) {
    this.names = names;
  }

  /**
   * Reads the names that are wanted, and no others: the list has tens of thousands.
   *
   * @param root where {@code usr} lies
   * @param wanted their numbers, as {@link #vendorKey} and its like spell them
   */
  public static PciNames read(Path root, Set<String> wanted) {
    Optional<Path> list = LISTS.stream().map(root::resolve).filter(Files::isReadable).findFirst();
    Map<String, String> names = new HashMap<>();
    if (list.isPresent() && !wanted.isEmpty()) {
      try (BufferedReader lines =
          Files.newBufferedReader(list.get(), StandardCharsets.ISO_8859_1)) {
        read(lines, wanted, names);
      } catch (IOException e) {
        names.clear(); // numbers will do
      }
    }
    return new PciNames(names);
  }

  /** A vendor's line begins with its number; what belongs to it follows, one tab deeper a level. */
  private static void read(BufferedReader lines, Set<String> wanted, Map<String, String> names)
      throws IOException {
    String top = "";
    String second = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String text = line.strip();
      int gap = text.indexOf("  ");
      if (gap < 0 || text.startsWith("#")) {
        continue;
      }
      String number = text.substring(0, gap);
      String key;
      if (!line.startsWith("\t")) {
        key = number;
        top = key;
      } else if (!line.startsWith("\t\t")) {
        key = top + ":" + number;
        second = key;
      } else {
        key = second + ":" + number.replace(' ', ':');
      }
      if (wanted.contains(key)) {
        names.put(key, text.substring(gap).strip());
      }
    }
  }

  public static String vendorKey(String vendor) {
    return vendor;
  }

  public static String deviceKey(String vendor, String device) {
    return vendor + ":" + device;
  }

  static String cardKey(String vendor, String device, String cardVendor, String card) {
    return deviceKey(vendor, device) + ":" + cardVendor + ":" + card;
  }

  /**
   * @param code base class and subclass, four hexadecimal digits
   */
  static String baseKey(String code) {
    return CLASS + code.substring(0, 2);
  }

  static String classKey(String code) {
    return baseKey(code) + ":" + code.substring(2);
  }

  /** What the list has under one of the numbers that were wanted. */
  public Optional<String> find(String key) {
    return Optional.ofNullable(names.get(key));
  }

  String className(String code) {
    return find(classKey(code)).or(() -> find(baseKey(code))).orElse("Class " + code);
  }

  String vendorName(String vendor) {
    return names.getOrDefault(vendorKey(vendor), "Vendor " + vendor);
  }

  String deviceName(String vendor, String device) {
    return names.getOrDefault(deviceKey(vendor, device), "Device " + device);
  }

  /** Empty for a card that has no number. */
  String cardVendorName(String cardVendor) {
    return isNumbered(cardVendor) ? vendorName(cardVendor) : "";
  }

  String cardName(String vendor, String device, String cardVendor, String card) {
    return isNumbered(cardVendor)
        ? names.getOrDefault(cardKey(vendor, device, cardVendor, card), "Device " + card)
        : "";
  }

  private static boolean isNumbered(String cardVendor) {
    return !cardVendor.isEmpty() && !cardVendor.equals("0000") && !cardVendor.equals("ffff");
  }
}
