package io.keelson.control.gpu;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Vm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices that VM.other_config:pci names, as in {@code 0/0000:04:00.0,1/0000:04:00.1}: a number
 * that gives the order, and where the device sits.
 */
public final class PciList {
  /** The key of VM.other_config. */
  private static final String KEY = "pci";

  private static final Pattern ENTRY =
      Pattern.compile(
          "(?:(\\d{1,3})/)?([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])",
          Pattern.CASE_INSENSITIVE);

  private PciList() {}

  /** Whether the VM is to have any. */
  public static boolean isNamed(Vm vm) {
    return !vm.otherConfig().getOrDefault(KEY, "").isBlank();
  }

  /**
   * Their addresses, in order.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  static List<String> of(Vm vm) {
    String text = vm.otherConfig().getOrDefault(KEY, "");
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .map(word -> Entry.of(word, text))
        .sorted((a, b) -> Integer.compare(a.order(), b.order()))
        .map(Entry::address)
        .distinct()
        .toList();
  }

  private record Entry(int order, String address) {
    static Entry of(String word, String all) {
      Matcher parts = ENTRY.matcher(word);
      if (!parts.matches()) {
        throw ApiErrors.invalidValue("other_config:" + KEY, all);
      }
      String order = parts.group(1) == null ? "0" : parts.group(1);
      return new Entry(Integer.parseInt(order), parts.group(2).toLowerCase(Locale.ROOT));
    }
  }
}
