package io.keelson.conformance.fuzz.make;

/**
 * Bytes as texts in which each character is a byte: requests are cut, joined and mutated so, and
 * become bytes when they are sent.
 */
public final class Latin {
  private static final String HEX = "0123456789ABCDEF";

  private Latin() {}

  /**
   * The UTF-8 of a text. Halves of surrogate pairs, which have none, become the three bytes that
   * careless programs write.
   */
  public static String utf8(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i);
      if (Character.isHighSurrogate((char) c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        c = Character.toCodePoint((char) c, text.charAt(++i));
      }
      put(out, c);
    }
    return out.toString();
  }

  private static void put(StringBuilder out, int c) {
    if (c < 0x80) {
      out.append((char) c);
    } else if (c < 0x800) {
      out.append((char) (0xC0 | (c >> 6))).append((char) (0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
      out.append((char) (0xE0 | (c >> 12)))
          .append((char) (0x80 | ((c >> 6) & 0x3F)))
          .append((char) (0x80 | (c & 0x3F)));
    } else {
      out.append((char) (0xF0 | (c >> 18)))
          .append((char) (0x80 | ((c >> 12) & 0x3F)))
          .append((char) (0x80 | ((c >> 6) & 0x3F)))
          .append((char) (0x80 | (c & 0x3F)));
    }
  }

  /** A text as a part of a URL; what stands for something of the server is left as it is. */
  public static String inUrl(String text) {
    if (text.startsWith("@{")) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (char c : utf8(text).toCharArray()) {
      if ((Character.isLetterOrDigit(c) && c < 0x80) || "-._~:/".indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt((c >> 4) & 15)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }
}
