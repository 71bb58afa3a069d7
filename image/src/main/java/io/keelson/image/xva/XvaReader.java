package io.keelson.image.xva;

import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.SparseTarget;
import io.keelson.image.tar.TarEntry;
import io.keelson.image.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads an XVA from its start to its end; compression is somebody else's. */
public final class XvaReader {
  /** The file that says what there is. */
  static final String OVA_XML = "ova.xml";

  /** Bytes of that file: enough for the whole of a large pool. */
  private static final int MOST_OVA_XML = 32 << 20;

  private final TarReader tar;
  private final DiskChunksReader disks;

  /**
   * @param verify whether a wrong checksum is an error
   */
  public XvaReader(InputStream in, boolean verify) {
    this.tar = new TarReader(in);
    this.disks = new DiskChunksReader(tar, verify);
  }

  /** What there is: the first file. */
  public byte[] ovaXml() throws IOException {
    TarEntry first = tar.next().orElseThrow(ImageException::prematureEnd);
    if (!first.name().equals(OVA_XML)) {
      throw new ImageException(new Flaw.UnexpectedFile(OVA_XML, first.name()));
    }
    return tar.contents(MOST_OVA_XML);
  }

  /**
   * The disk that must come next.
   *
   * @param size of the disk; the target may be larger
   * @param target holds zeroes
   */
  public void disk(String folder, long size, SparseTarget target) throws IOException {
    disks.read(folder, size, target);
  }

  /** Nothing more may come. */
  public void end() throws IOException {
    Optional<TarEntry> more = tar.next();
    if (more.isPresent()) {
      throw new ImageException(new Flaw.UnexpectedFile("", more.get().name()));
    }
  }
}
