package io.keelson.host.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.keelson.host.VolumeBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What LVM writes at the start of a device: a label, the areas that it names, and in each area the
 * description of the volume group, whose first word is the group's name. Read by ourselves, so that
 * the kernel need not have the device.
 */
final class LvmLabel {
  private static final int SECTOR = 512;
  private static final int LABEL_SECTORS = 4;
  private static final int AREAS_AT = 40;
  private static final int MOST_AREAS = 16;
  private static final int LOCATION_AT = 40;
  private static final int MAGIC_AT = 4;
  private static final int LONGEST_NAME = 128;
  private static final String LABEL = "LABELONE";
  private static final String TYPE = "LVM2 001";
  private static final String MAGIC = " LVM2 x[5A%r0N*>";

  private final VolumeBytes device;

  private LvmLabel(VolumeBytes device) {
    this.device = device;
  }

  /** The name of the group that a device belongs to, if it belongs to one. */
  static Optional<String> group(VolumeBytes device) {
    return new LvmLabel(device).group();
  }

  private Optional<String> group() {
    for (int sector = 0; sector < LABEL_SECTORS; sector++) {
      ByteBuffer label = read((long) sector * SECTOR, SECTOR);
      if (text(label, 0, LABEL.length()).equals(LABEL)
          && text(label, 24, TYPE.length()).equals(TYPE)) {
        int header = label.getInt(20);
        return header < 0 || header > SECTOR - AREAS_AT
            ? Optional.empty()
            : areas(label, header + AREAS_AT).stream().flatMap(at -> name(at).stream()).findFirst();
      }
    }
    return Optional.empty();
  }

  /** Where the areas with descriptions begin: the second list, after that of areas with data. */
  private static List<Long> areas(ByteBuffer label, int from) {
    List<Long> areas = new ArrayList<>();
    int list = 0;
    for (int at = from; list < 2 && at + 16 <= SECTOR && areas.size() < MOST_AREAS; at += 16) {
      long offset = label.getLong(at);
      if (offset == 0) {
        list++;
      } else if (list == 1) {
        areas.add(offset);
      }
    }
    return areas;
  }

  private Optional<String> name(long area) {
    ByteBuffer header = read(area, SECTOR);
    long size = header.getLong(32);
    long at = header.getLong(LOCATION_AT);
    if (!text(header, MAGIC_AT, MAGIC.length()).equals(MAGIC) || at <= 0 || at >= size) {
      return Optional.empty();
    }
    String text = text(read(area + at, LONGEST_NAME), 0, LONGEST_NAME);
    int end = text.indexOf(" {");
    return end > 0 ? Optional.of(text.substring(0, end)) : Optional.empty();
  }

  /** So many bytes; zeroes where the device has none. */
  private ByteBuffer read(long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (offset >= 0 && offset < device.size()) {
      bytes.limit((int) Math.min(length, device.size() - offset));
      device.read(offset, bytes);
    }
    return bytes.clear();
  }

  private static String text(ByteBuffer bytes, int from, int length) {
    byte[] text = new byte[length];
    ByteBuffer _ = bytes.get(from, text);
    return new String(text, ISO_8859_1);
  }
}
