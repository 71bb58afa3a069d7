package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import java.util.Arrays;
import java.util.Locale;

/** In which format a disk is sent. */
public enum VdiFormat {
  RAW("application/octet-stream"),
  VHD("application/vhd"),
  QCOW2("application/x-qemu-disk");

  private final String contentType;

  VdiFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /** The ending of files, and what clients call it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  public static VdiFormat of(String text) {
    return Arrays.stream(values())
        .filter(f -> f.text().equals(text))
        .findFirst()
        .orElseThrow(() -> ApiErrors.invalidValue("format", text));
  }
}
