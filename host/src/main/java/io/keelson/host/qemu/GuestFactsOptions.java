package io.keelson.host.qemu;

import io.keelson.host.GuestFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine tells its guest, as options of QEMU: SMBIOS tables, a generation id device, and a
 * file on the firmware's configuration device.
 */
final class GuestFactsOptions {
  /** Where a Linux guest reads the data: below /sys/firmware/qemu_fw_cfg/by_name. */
  static final String DATA_NAME = "opt/io.keelson/xenstore_data";

  /** The same for the settings of its agent. */
  static final String SETTINGS_NAME = "opt/io.keelson/guest_agent_config";

  private static final String OEM = "oem-";
  private static final int LONGEST_TEXT = 255;

  /** An SMBIOS field: the table it is in, and its name there. */
  private record Place(int table, String name) {}

  private static final Map<String, Place> PLACES = places();

  private GuestFactsOptions() {}

  private static Map<String, Place> places() {
    Map<String, Place> places = new LinkedHashMap<>();
    places.put("bios-vendor", new Place(0, "vendor"));
    places.put("bios-version", new Place(0, "version"));
    places.put("system-manufacturer", new Place(1, "manufacturer"));
    places.put("system-product-name", new Place(1, "product"));
    places.put("system-version", new Place(1, "version"));
    places.put("system-serial-number", new Place(1, "serial"));
    places.put("baseboard-manufacturer", new Place(2, "manufacturer"));
    places.put("baseboard-product-name", new Place(2, "product"));
    places.put("baseboard-version", new Place(2, "version"));
    places.put("baseboard-serial-number", new Place(2, "serial"));
    places.put("baseboard-asset-tag", new Place(2, "asset"));
    places.put("baseboard-location-in-chassis", new Place(2, "location"));
    places.put("enclosure-asset-tag", new Place(3, "asset"));
    return places;
  }

  /** The options and their values, in pairs. */
  static List<String> of(GuestFacts facts, boolean acpi) {
    List<String> options = new ArrayList<>();
    Map<Integer, StringBuilder> tables = new LinkedHashMap<>();
    PLACES.forEach((key, place) ->
        text(facts, key)
            .ifPresent(value ->
                tables
                    .computeIfAbsent(place.table(), n -> new StringBuilder("type=" + n))
                    .append(',')
                    .append(place.name())
                    .append('=')
                    .append(value)));
    oem(facts)
        .forEach(value ->
            tables
                .computeIfAbsent(11, n -> new StringBuilder("type=" + n))
                .append(",value=")
                .append(value));
    tables.values().forEach(table -> options.addAll(List.of("-smbios", table.toString())));
    if (acpi) {
      facts
          .generation()
          .ifPresent(id ->
              options.addAll(
                  List.of(
                      "-device",
                      DeviceOptions.device("vmgenid", "generation")
                          .put("guid", id.toString())
                          .build()
                          .write())));
    }
    if (!facts.data().isEmpty()) {
      options.addAll(List.of("-fw_cfg", "name=" + DATA_NAME + ",file=" + RunFolder.GUEST_DATA));
    }
    if (!facts.agentSettings().isEmpty()) {
      options.addAll(
          List.of("-fw_cfg", "name=" + SETTINGS_NAME + ",file=" + RunFolder.AGENT_SETTINGS));
    }
    return options;
  }

  private static List<String> oem(GuestFacts facts) {
    return facts.biosStrings().keySet().stream()
        .filter(key -> key.matches(OEM + "[0-9]{1,3}"))
        .sorted(Comparator.comparingInt(key -> Integer.parseInt(key.substring(OEM.length()))))
        .flatMap(key -> text(facts, key).stream())
        .toList();
  }

  /** A text that SMBIOS can hold, as the value of an option; empty for none. */
  private static Optional<String> text(GuestFacts facts, String key) {
    String text = facts.biosStrings().getOrDefault(key, "").replaceAll("[^\\x20-\\x7e]", " ");
    String held = text.substring(0, Math.min(text.length(), LONGEST_TEXT)).strip();
    return held.isEmpty() ? Optional.empty() : Optional.of(held.replace(",", ",,"));
  }
}
