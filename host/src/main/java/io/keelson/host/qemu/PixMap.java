package io.keelson.host.qemu;

import io.keelson.host.Picture;
import java.io.IOException;

/** Reads binary portable pixmaps (PPM, "P6") with a byte for each of a pixel's three colours. */
final class PixMap {
  private static final int BRIGHTEST = 255;
  private static final int LARGEST_SIDE = 1 << 16;

  private final byte[] bytes;
  private int at;

  private PixMap(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The picture.
   *
   * @throws IOException when it is none
   */
  static Picture read(byte[] bytes) throws IOException {
    return new PixMap(bytes).picture();
  }

  private Picture picture() throws IOException {
    if (bytes.length < 2 || bytes[0] != 'P' || bytes[1] != '6') {
      throw new IOException("not a pixmap");
    }
    at = 2;
    int width = number();
    int height = number();
    int brightest = number();
    int start = at + 1; // one blank ends the head
    boolean whole = bytes.length - start >= 3L * width * height;
    if (width == 0 || height == 0 || brightest != BRIGHTEST || !whole) {
      throw new IOException("a pixmap of another kind, or cut off");
    }
    return Picture.of(
        width,
        height,
        (column, row) -> {
          int pixel = start + 3 * (row * width + column);
          return unsigned(pixel) << 16 | unsigned(pixel + 1) << 8 | unsigned(pixel + 2);
        });
  }

  private int number() throws IOException {
    while (at < bytes.length && Character.isWhitespace(bytes[at])) {
      at++;
    }
    int value = 0;
    int first = at;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && value < LARGEST_SIDE) {
      value = value * 10 + bytes[at++] - '0';
    }
    if (at == first || value >= LARGEST_SIDE) {
      throw new IOException("a pixmap's head without its numbers");
    }
    return value;
  }

  private int unsigned(int index) {
    return bytes[index] & 0xFF;
  }
}
