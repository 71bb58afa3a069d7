package io.keelson.image.xva;

import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.SparseTarget;
import io.keelson.image.Zeroes;
import io.keelson.image.tar.TarEntry;
import io.keelson.image.tar.TarReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the data of disks from folders of chunks. A chunk's number says where its data belongs, and
 * nothing is written beyond the size that the disk has.
 */
public final class DiskChunksReader {
  private static final int DIGITS = 8;

  private final TarReader in;
  private final boolean verify;
  private final byte[] chunk = new byte[Chunks.SIZE];

  /**
   * @param verify whether a wrong checksum is an error
   */
  public DiskChunksReader(TarReader in, boolean verify) {
    this.in = in;
    this.verify = verify;
  }

  /**
   * Reads a whole disk: the files up to its last chunk.
   *
   * @param size of the disk; the target may be larger
   * @param target holds zeroes
   */
  public void read(String folder, long size, SparseTarget target) throws IOException {
    long last = Math.floorDiv(size - 1, (long) Chunks.SIZE);
    for (long number = -1; number < last; ) {
      number = next(folder, number + 1, last);
      long start = number * Chunks.SIZE;
      int length = in.contents(chunk);
      String name = Chunks.name(folder, number);
      check(name, length);
      int whole = (int) Math.min(Chunks.SIZE, size - start);
      if (length != whole && (length != 0 || number == last)) {
        throw ImageException.malformed(name + " has " + length + " bytes instead of " + whole);
      }
      if (!Zeroes.are(chunk, 0, length)) {
        target.write(start, ByteBuffer.wrap(chunk, 0, length));
      }
    }
  }

  /**
   * Reads the one disk of an archive to the archive's end, whatever its folder is called.
   *
   * @param target holds zeroes
   */
  public void readAlone(SparseTarget target) throws IOException {
    String first = nextFile().name();
    String folder = first.substring(0, Math.max(0, first.lastIndexOf('/')));
    long most = target.size() / Chunks.SIZE;
    boolean cut = false;
    long number = -1;
    for (Optional<TarEntry> entry = Optional.of(new TarEntry(first, 0)); entry.isPresent(); ) {
      number = number(folder, entry.get().name(), number + 1, most);
      int length = in.contents(chunk);
      String name = Chunks.name(folder, number);
      check(name, length);
      long start = number * Chunks.SIZE;
      if (length > 0 && (cut || start + length > target.size())) {
        throw ImageException.malformed(name + " lies beyond the end of the disk");
      }
      cut |= length > 0 && length < Chunks.SIZE;
      if (!Zeroes.are(chunk, 0, length)) {
        target.write(start, ByteBuffer.wrap(chunk, 0, length));
      }
      entry = in.next();
    }
  }

  /** Takes the next chunk's header; its number may be any from the lowest on. */
  private long next(String folder, long lowest, long last) throws IOException {
    return number(folder, nextFile().name(), lowest, last);
  }

  private static long number(String folder, String found, long lowest, long last)
      throws IOException {
    String expected = Chunks.name(folder, lowest);
    String start = folder + "/";
    String digits = found.startsWith(start) ? found.substring(start.length()) : "";
    if (digits.length() != DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new ImageException(new Flaw.UnexpectedFile(expected, found));
    }
    long number = Long.parseLong(digits);
    if (number < lowest || number > last) {
      throw new ImageException(new Flaw.UnexpectedFile(expected, found));
    }
    return number;
  }

  private void check(String name, int length) throws IOException {
    String expected = name + ChunkChecksum.SHA_1.suffix();
    String found = nextFile().name();
    Optional<ChunkChecksum> kind =
        found.startsWith(name)
            ? ChunkChecksum.named(found.substring(name.length()))
            : Optional.empty();
    if (kind.isEmpty()) {
      throw new ImageException(new Flaw.UnexpectedFile(expected, found));
    }
    byte[] text = in.contents(ChunkChecksum.MOST_BYTES);
    if (verify && !kind.get().matches(chunk, length, text)) {
      throw new ImageException(new Flaw.WrongChecksum(name));
    }
  }

  private TarEntry nextFile() throws IOException {
    return in.next().orElseThrow(ImageException::prematureEnd);
  }
}
