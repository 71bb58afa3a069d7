package io.keelson.image.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The start of a qcow2 image. What other file it rests on is known, and never opened.
 *
 * @param size bytes of the disk
 * @param clusterBits its clusters have two to the power of so many bytes
 * @param top where the table of tables starts
 * @param topEntries how many it has
 * @param extended whether tables tell of parts of clusters
 * @param backing where the name of the image that it rests on stands, if it rests on one
 */
record Qcow2Header(
    long size,
    int clusterBits,
    long top,
    int topEntries,
    boolean extended,
    Optional<Place> backing) {
  /** Some bytes of the file. */
  record Place(long offset, int length) {}

  static final int MAGIC = 0x514649fb;

  /** Bytes that tell it all. */
  static final int BYTES = 112;

  private static final int MOST_LETTERS = 1023;
  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA = 1 << 2;
  private static final long COMPRESSION = 1 << 3;
  private static final long EXTENDED = 1 << 4;
  private static final long DIRTY = 1;
  private static final long MOST = 64L << 40;

  static Qcow2Header parse(ByteBuffer bytes) throws IOException {
    require(bytes.limit() >= 72 && bytes.getInt(0) == MAGIC, "it is no qcow2 image");
    int version = bytes.getInt(4);
    require(version == 2 || (version == 3 && bytes.limit() >= 104), "its version is unknown");
    long name = bytes.getLong(8);
    int letters = bytes.getInt(16);
    require(
        name == 0 ? letters == 0 : name > 0 && letters > 0 && letters <= MOST_LETTERS,
        "the name of what it rests on is impossible");
    require(bytes.getInt(32) == 0, "it is encrypted");
    long features = version == 2 ? 0 : bytes.getLong(72);
    require((features & EXTERNAL_DATA) == 0, "its data are in another file");
    require((features & CORRUPT) == 0, "it says that it is damaged");
    boolean otherCompression =
        (features & COMPRESSION) != 0 && bytes.limit() > 104 && bytes.get(104) != 0;
    require(!otherCompression, "it is compressed in a way that is not read here");
    require(
        (features & ~(DIRTY | COMPRESSION | EXTENDED)) == 0, "it has features that are unknown");
    int bits = bytes.getInt(20);
    long size = bytes.getLong(24);
    int entries = bytes.getInt(36);
    long top = bytes.getLong(40);
    require(bits >= 9 && bits <= 21, "its clusters have an impossible size");
    require(size >= 0 && size <= MOST, "its size is impossible");
    boolean extended = (features & EXTENDED) != 0;
    long covered = (1L << bits) * ((1L << bits) / (extended ? 16 : 8));
    require(
        entries >= 0 && entries >= (size + covered - 1) / covered && entries <= 1 << 25,
        "its table has an impossible size");
    require(top >= 0 && top % (1L << bits) == 0, "its table is in an impossible place");
    Optional<Place> backing = name == 0 ? Optional.empty() : Optional.of(new Place(name, letters));
    return new Qcow2Header(size, bits, top, entries, extended, backing);
  }

  private static void require(boolean good, String complaint) throws IOException {
    if (!good) {
      throw new IOException("the image cannot be taken: " + complaint);
    }
  }
}
