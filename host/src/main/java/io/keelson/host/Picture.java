package io.keelson.host;

import java.util.function.IntBinaryOperator;

/** What a screen shows: rows of pixels, from the top. */
public final class Picture {
  private final int width;
  private final int[] pixels;

  private Picture(int width, int[] pixels) {
    this.width = width;
    this.pixels = pixels;
  }

  /**
   * A picture of at least one pixel.
   *
   * @param colour of column and row, as 0xRRGGBB
   */
  public static Picture of(int width, int height, IntBinaryOperator colour) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no picture is " + width + " by " + height);
    }
    int[] pixels = new int[Math.multiplyExact(width, height)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = colour.applyAsInt(i % width, i / width) & 0xFFFFFF;
    }
    return new Picture(width, pixels);
  }

  public int width() {
    return width;
  }

  public int height() {
    return pixels.length / width;
  }

  /** The colour of a pixel, as 0xRRGGBB. */
  public int colour(int column, int row) {
    return pixels[row * width + column];
  }
}
