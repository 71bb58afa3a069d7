package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import java.util.Arrays;
import java.util.Locale;

/** In which format a disk is sent. */
public enum VdiFormat {
  RAW("application/octet-stream"),
  VHD("application/vhd"),
  QCOW2("application/x-qemu-disk"),
  /** Chunks with checksums, as in an archive of a VM. */
  TAR("application/x-tar");

  private final String contentType;

  VdiFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /** Whether it can hold what differs from another disk. */
  public boolean holdsDifferences() {
    return switch (this) {
      case VHD, QCOW2 -> true;
      case RAW, TAR -> false;
    };
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
