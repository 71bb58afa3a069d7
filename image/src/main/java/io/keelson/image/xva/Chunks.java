package io.keelson.image.xva;

/** How the data of a disk is cut into files of an archive: {@code FOLDER/00000000} and so on. */
final class Chunks {
  /** Bytes of every chunk but the last. */
  static final int SIZE = 1 << 20;

  private Chunks() {}

  static String name(String folder, long number) {
    return folder + "/%08d".formatted(number);
  }
}
