package io.keelson.image.xva;

import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import io.keelson.image.tar.TarReader;
import io.keelson.image.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;

/** One disk as an archive: its chunks with their checksums, as in that of a VM. */
public final class DiskArchive {
  private DiskArchive() {}

  /** Writes all of a disk. */
  public static void write(String folder, SparseSource disk, OutputStream out, InstantSource clock)
      throws IOException {
    TarWriter tar = new TarWriter(out);
    new DiskChunksWriter(tar, clock).write(folder, disk);
    tar.end();
  }

  /**
   * Reads a disk of any folder.
   *
   * @param target holds zeroes; may be larger
   */
  public static void read(InputStream in, SparseTarget target) throws IOException {
    new DiskChunksReader(new TarReader(in), true).readAlone(target);
  }
}
