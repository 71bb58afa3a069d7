package io.keelson.image.vhd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;

/**
 * Where the parent's file is, in the words of one system; always beside the file itself.
 *
 * @param offset in the file
 */
record VhdLocator(int system, String name, Charset charset, long offset) {
  private static final int MAC = 0x4D616358; // "MacX": a URL
  private static final int WINDOWS = 0x57327275; // "W2ru": a relative path

  /** The locators of a parent with this name, one sector each from an offset on. */
  static List<VhdLocator> of(String name, long offset) {
    return List.of(
        new VhdLocator(MAC, "file://./" + name, US_ASCII, offset),
        new VhdLocator(WINDOWS, ".\\" + name, UTF_16LE, offset + VhdHeader.SECTOR));
  }

  void put(ByteBuffer out) {
    out.putInt(system).putInt(1).putInt(length()).putInt(0).putLong(offset);
  }

  /** The sector that it names. */
  byte[] sector() {
    return Arrays.copyOf(name.getBytes(charset), VhdHeader.SECTOR);
  }

  private int length() {
    return Math.min(name.getBytes(charset).length, VhdHeader.SECTOR);
  }
}
