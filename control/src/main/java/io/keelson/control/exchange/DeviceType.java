package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Devices that an export can leave out. */
public enum DeviceType {
  VIF,
  VBD,
  VGPU,
  VTPM;

  /**
   * The types of a list that commas part.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  public static Set<DeviceType> listed(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .map(DeviceType::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static DeviceType of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(word.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> ApiErrors.invalidValue("excluded_device_types", word));
  }
}
