package io.keelson.image.vhd;

import io.keelson.image.ByteStream;
import io.keelson.image.ImageException;
import io.keelson.image.SparseTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.UUID;

/**
 * A VHD file that comes as a stream and is read once, from its start to its end, in memory that
 * grows with the disk's size only by its table (8 bytes a block).
 *
 * <p>Nothing that a file says makes its reader open another: of a parent only the identity is told.
 */
public final class VhdReader {
  private final VhdFooter footer;
  private final Optional<VhdParent> parent;
  private final Body body;

  /** What follows. */
  private interface Body {
    void copyTo(SparseTarget target) throws IOException;
  }

  private VhdReader(VhdFooter footer, Optional<VhdParent> parent, Body body) {
    this.footer = footer;
    this.parent = parent;
    this.body = body;
  }

  /**
   * Reads the beginning of a dynamic or differencing file.
   *
   * @throws ImageException when it is no such file
   */
  public static VhdReader open(InputStream stream) throws IOException {
    ByteStream in = new ByteStream(stream);
    VhdFooter footer = VhdFooter.read(in.read(VhdFooter.BYTES));
    if (footer.kind() == VhdKind.FIXED) {
      throw ImageException.malformed("a fixed VHD starts with its footer");
    }
    forward(in, footer.dataOffset());
    VhdHeader header = VhdHeader.read(in.read(VhdHeader.BYTES), footer);
    forward(in, header.tableOffset());
    VhdBlocks blocks = VhdBlocks.read(in, footer, header);
    return new VhdReader(footer, header.parent(), target -> blocks.copyTo(in, target));
  }

  /**
   * Makes a target ready for a file of a kind: zeroes, or what a differencing one's parent holds.
   */
  @FunctionalInterface
  public interface Preparation {
    void before(VhdKind kind) throws IOException;
  }

  /** {@link #copy(InputStream, SparseTarget, Preparation)} onto a target that is ready. */
  public static VhdReader copy(InputStream stream, SparseTarget target) throws IOException {
    return copy(stream, target, _ -> {});
  }

  /**
   * Reads a fixed, dynamic or differencing file. A fixed one says what it is only at its end, after
   * all of its data: its data must fill the target to the last byte.
   *
   * @param preparation told of the kind before anything is written
   */
  public static VhdReader copy(InputStream stream, SparseTarget target, Preparation preparation)
      throws IOException {
    byte[] start = stream.readNBytes(VhdFooter.BYTES);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), stream);
    if (VhdFooter.startsWithCookie(start)) {
      VhdReader reader = open(whole);
      preparation.before(reader.kind());
      reader.copyTo(target);
      return reader;
    }
    preparation.before(VhdKind.FIXED);
    VhdFooter footer = FixedVhd.copy(new ByteStream(whole), target);
    return new VhdReader(footer, Optional.empty(), _ -> {});
  }

  public VhdKind kind() {
    return footer.kind();
  }

  /** Bytes of the disk. */
  public long size() {
    return footer.size();
  }

  public UUID id() {
    return footer.id();
  }

  /** Of a differencing file. */
  public Optional<VhdParent> parent() {
    return parent;
  }

  /**
   * Writes every sector that the file holds, once. What it does not hold is left as it is.
   *
   * @throws ImageException when the file does not hold what its beginning promised
   */
  public void copyTo(SparseTarget target) throws IOException {
    if (target.size() < footer.size()) {
      throw ImageException.malformed(
          "a disk of " + footer.size() + " bytes does not fit into " + target.size());
    }
    body.copyTo(target);
  }

  /** The parts of a stream are in order, and nothing large lies between them. */
  private static void forward(ByteStream in, long offset) throws IOException {
    long gap = offset - in.position();
    if (gap < 0 || gap > VhdBlocks.MOST_GAP) {
      throw ImageException.malformed("the parts of the VHD are not in order");
    }
    in.skip(gap);
  }
}
