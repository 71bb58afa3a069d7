package io.keelson.host.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The firmware's facts under XenAPI's names, without those that the machine does not tell. */
final class BiosStrings {
  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("bios-vendor", "bios_vendor"),
          Map.entry("bios-version", "bios_version"),
          Map.entry("system-manufacturer", "sys_vendor"),
          Map.entry("system-product-name", "product_name"),
          Map.entry("system-version", "product_version"),
          Map.entry("system-serial-number", "product_serial"),
          Map.entry("baseboard-manufacturer", "board_vendor"),
          Map.entry("baseboard-product-name", "board_name"),
          Map.entry("baseboard-version", "board_version"),
          Map.entry("baseboard-serial-number", "board_serial"),
          Map.entry("baseboard-asset-tag", "board_asset_tag"),
          Map.entry("enclosure-asset-tag", "chassis_asset_tag"));

  private BiosStrings() {}

  static Map<String, String> read(KernelFiles files) {
    Map<String, String> strings = new LinkedHashMap<>();
    FILES.forEach((name, file) -> {
      String text = files.text("sys/class/dmi/id/" + file);
      if (!text.isEmpty()) {
        strings.put(name, text);
      }
    });
    List<String> maker = OemStrings.read(files);
    for (int i = 0; i < maker.size(); i++) {
      strings.put("oem-" + (i + 1), maker.get(i));
    }
    return strings;
  }
}
