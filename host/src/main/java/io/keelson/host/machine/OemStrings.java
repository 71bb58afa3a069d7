package io.keelson.host.machine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The strings of the machine's maker: the SMBIOS structure of type 11. */
final class OemStrings {
  private OemStrings() {}

  static List<String> read(KernelFiles files) {
    byte[] raw = files.bytes("sys/firmware/dmi/entries/11-0/raw");
    if (raw.length < 5 || raw.length < (raw[1] & 0xff)) {
      return List.of();
    }
    int formatted = raw[1] & 0xff;
    String strings =
        new String(raw, formatted, raw.length - formatted, StandardCharsets.ISO_8859_1);
    return Arrays.stream(strings.split("\0")).filter(text -> !text.isBlank()).toList();
  }
}
