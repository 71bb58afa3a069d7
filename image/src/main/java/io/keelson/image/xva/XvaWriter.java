package io.keelson.image.xva;

import io.keelson.image.SparseSource;
import io.keelson.image.tar.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;

/** Writes an XVA: first what there is, then the disks in the order of their folders' names. */
public final class XvaWriter {
  private final TarWriter tar;
  private final DiskChunksWriter disks;

  /** Begins the archive with what there is. */
  public XvaWriter(OutputStream out, InstantSource clock, byte[] ovaXml) throws IOException {
    this.tar = new TarWriter(out);
    this.disks = new DiskChunksWriter(tar, clock);
    tar.file(XvaReader.OVA_XML, ovaXml);
  }

  public void disk(String folder, SparseSource disk) throws IOException {
    disks.write(folder, disk);
  }

  public void end() throws IOException {
    tar.end();
  }
}
