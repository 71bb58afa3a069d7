package io.keelson.image.tar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.image.ImageException;
import io.keelson.image.Zeroes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The 512 bytes before each file (POSIX ustar, and its forerunner without the magic word). Files
 * are all there is: folders, links, devices and headers that change the meaning of others are
 * refused, and so are names that are no names of files below.
 */
final class TarHeader {
  static final int BYTES = 512;

  private static final int NAME = 100;
  private static final int MODE_AT = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX = 155;

  private TarHeader() {}

  /** Two of these end an archive. */
  static boolean isEnd(byte[] bytes) {
    return Zeroes.are(bytes, 0, bytes.length);
  }

  static TarEntry read(byte[] bytes) throws ImageException {
    if (octal(bytes, CHECKSUM_AT, CHECKSUM_BYTES) != checksum(bytes)) {
      throw ImageException.malformed("not an archive: a tar header is damaged");
    }
    if (bytes[TYPE_AT] != '0' && bytes[TYPE_AT] != 0) {
      throw ImageException.malformed("the archive holds something else than plain files");
    }
    String name = text(bytes, 0, NAME);
    boolean posix = text(bytes, MAGIC_AT, 5).equals("ustar") && bytes[MAGIC_AT + 5] == 0;
    String prefix = posix ? text(bytes, PREFIX_AT, PREFIX) : "";
    String whole = prefix.isEmpty() ? name : prefix + "/" + name;
    if (!isPlain(whole)) {
      throw ImageException.malformed("a file in the archive has no proper name");
    }
    return new TarEntry(whole, octal(bytes, SIZE_AT, SIZE_DIGITS + 1));
  }

  static byte[] bytes(TarEntry entry) {
    byte[] name = entry.name().getBytes(US_ASCII);
    String size = Long.toOctalString(entry.size());
    if (name.length > NAME) {
      throw new IllegalArgumentException("too long for an archive: " + entry);
    }
    byte[] bytes = new byte[BYTES];
    System.arraycopy(name, 0, bytes, 0, name.length);
    put(bytes, MODE_AT, "0000644\0" + "0000000\0" + "0000000\0");
    if (size.length() > SIZE_DIGITS) {
      // 8 GiB and more: in binary, as GNU has it, which others read too.
      ByteBuffer.wrap(bytes).putLong(SIZE_AT + SIZE_DIGITS + 1 - Long.BYTES, entry.size());
      bytes[SIZE_AT] = (byte) 0x80;
    } else {
      put(bytes, SIZE_AT, "0".repeat(SIZE_DIGITS - size.length()) + size + "\0");
    }
    put(bytes, SIZE_AT + SIZE_DIGITS + 1, "00000000000\0"); // the time
    bytes[TYPE_AT] = '0';
    put(bytes, MAGIC_AT, "ustar\0" + "00");
    put(bytes, CHECKSUM_AT, "%06o\0 ".formatted(checksum(bytes)));
    return bytes;
  }

  private static void put(byte[] bytes, int at, String text) {
    byte[] ascii = text.getBytes(US_ASCII);
    System.arraycopy(ascii, 0, bytes, at, ascii.length);
  }

  /** The sum of all bytes, those of the checksum itself counted as spaces. */
  private static long checksum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < BYTES; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += own ? ' ' : Byte.toUnsignedInt(bytes[i]);
    }
    return sum;
  }

  private static String text(byte[] bytes, int at, int most) {
    int end = at;
    while (end < at + most && bytes[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(bytes, at, end), US_ASCII);
  }

  private static long octal(byte[] bytes, int at, int length) throws ImageException {
    String digits = text(bytes, at, length).strip();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
      throw ImageException.malformed("not an archive: a number in a tar header is none");
    }
    return Long.parseLong(digits, Byte.SIZE);
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '\\')) {
      return false;
    }
    return Arrays.stream(name.split("/", -1))
        .noneMatch(p -> p.isEmpty() || p.equals(".") || p.equals(".."));
  }
}
