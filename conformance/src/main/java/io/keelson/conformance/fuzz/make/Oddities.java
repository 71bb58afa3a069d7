package io.keelson.conformance.fuzz.make;

import java.util.List;

/** Texts and numbers that programs have stumbled over. */
final class Oddities {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "true",
          "nan",
          "null",
          "NULL",
          "OpaqueRef:NULL",
          "OpaqueRef:",
          "OpaqueRef:00000000-0000-0000-0000-000000000000",
          "00000000-0000-0000-0000-000000000000",
          "../../../../etc/passwd",
          "/etc/passwd",
          "/dev/zero",
          "a/b",
          "..",
          ".",
          "-",
          "--help",
          "$(id)",
          "`id`",
          "'; DROP TABLE vm; --",
          "%s%s%n",
          "%00",
          "\\",
          "\"",
          "'",
          "<b>&amp;</b>",
          "]]>",
          "<!DOCTYPE a>",
          "&lol;",
          "{}",
          "[]",
          "\t",
          "\n",
          "a\r\nSet-Cookie: b=c",
          "\u0000",
          "a\u0000b",
          "\u0001\u0008\u001f",
          "\u007f\u0080\u009f",
          "\u00e9\u00df",
          "e\u0301",
          "\u202eabc",
          "\ufeff",
          "\ufffe",
          "\uffff",
          "\ud83d\ude00",
          "\ud800",
          "\udc00",
          "\udc00\ud800",
          "19700101T00:00:00Z",
          "20260230T25:61:61Z",
          "99999999T99:99:99Z",
          "00000000T00:00:00Z",
          "2026-01-01",
          "127.0.0.1",
          "::1",
          "fe80::1%lo",
          "1.2.3.4/33",
          "02:00:00:00:00:01",
          "ff:ff:ff:ff:ff:ff",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "1e400",
          "0x10",
          "1,2-",
          "0-99999999999",
          "field \"uuid\" = \"\"",
          "((((((((true))))))))",
          "not not not true");

  private static final List<Long> WHOLES =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          7L,
          100L,
          255L,
          4094L,
          4095L,
          4096L,
          65536L,
          1L << 20,
          64L << 20,
          1L << 30,
          Integer.MAX_VALUE * 1L,
          1L << 31,
          1L << 32,
          1L << 40,
          1L << 53,
          1L << 62,
          Integer.MIN_VALUE * 1L,
          Long.MAX_VALUE,
          Long.MAX_VALUE - 1,
          Long.MIN_VALUE);

  private static final List<Double> REALS =
      List.of(
          0.0,
          -0.0,
          1.0,
          -1.0,
          0.5,
          1e-320,
          1e300,
          -1e300,
          Double.MAX_VALUE,
          Double.MIN_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY);

  private Oddities() {}

  static String text(Dice dice) {
    return switch (dice.below(60)) {
      case 0 -> "x".repeat(1 << dice.below(17));
      case 1 -> "\u00e9\ud83d\ude00".repeat(1 + dice.below(2000));
      case 2 -> "(".repeat(1 + dice.below(20_000));
      case 3 -> "not ".repeat(1 + dice.below(5_000)) + "true";
      case 4 -> dice.of(TEXTS) + dice.of(TEXTS);
      case 5, 6 -> Integer.toString(dice.below(100));
      case 7 -> Long.toString(dice.bits());
      default -> dice.of(TEXTS);
    };
  }

  static long whole(Dice dice) {
    return dice.percent(30) ? dice.below(16) : dice.oneIn(10) ? dice.bits() : dice.of(WHOLES);
  }

  static double real(Dice dice) {
    return dice.of(REALS);
  }
}
