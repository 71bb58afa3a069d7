package io.keelson.conformance.fuzz.make;

import java.util.ArrayList;
import java.util.List;

/** Tar archives, as far as it takes to put them together wrongly. */
final class Tar {
  private static final int BLOCK = 512;
  private static final int SIZE = 124;
  private static final int SUM = 148;

  private Tar() {}

  /**
   * A file of an archive.
   *
   * @param header its 512 bytes
   */
  record Member(String header, String content) {
    /** The same file with other content, and a header that says how long that is. */
    Member with(String other) {
      return new Member(header, other).sized("%011o\0".formatted(other.length()));
    }

    /** The same with that text where a header says the size. */
    Member sized(String size) {
      return new Member(summed(put(header, SIZE, size)), content);
    }

    Member headed(int at, String text) {
      return new Member(summed(put(header, at, text)), content);
    }

    String raw() {
      int padding = (BLOCK - content.length() % BLOCK) % BLOCK;
      return header + content + "\0".repeat(padding);
    }
  }

  /** The files of an archive; none of what is no archive. */
  static List<Member> members(String archive) {
    List<Member> members = new ArrayList<>();
    for (int at = 0; at + BLOCK <= archive.length() && archive.charAt(at) != 0; ) {
      String header = archive.substring(at, at + BLOCK);
      String octal = header.substring(SIZE, SIZE + 11).strip();
      if (!octal.matches("[0-7]{1,11}")) {
        return List.of();
      }
      int start = at + BLOCK;
      int end = (int) Math.min(archive.length(), start + Long.parseLong(octal, 8));
      members.add(new Member(header, archive.substring(start, end)));
      at = start + (end - start + BLOCK - 1) / BLOCK * BLOCK;
    }
    return members;
  }

  static String raw(List<Member> members) {
    StringBuilder raw = new StringBuilder();
    members.forEach(m -> raw.append(m.raw()));
    return raw.append("\0".repeat(2 * BLOCK)).toString();
  }

  private static String put(String header, int at, String text) {
    return header.substring(0, at) + text + header.substring(at + text.length());
  }

  private static String summed(String header) {
    String blank = put(header, SUM, "        ");
    return put(blank, SUM, "%06o\0 ".formatted(blank.chars().sum()));
  }
}
