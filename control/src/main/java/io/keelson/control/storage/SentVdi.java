package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.image.SparseSource;
import io.keelson.image.qcow2.Qcow2Writer;
import io.keelson.image.raw.RawDisk;
import io.keelson.image.vhd.VhdParent;
import io.keelson.image.vhd.VhdWriter;
import io.keelson.image.xva.DiskArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Sends a disk in the format that a client wants.
 *
 * @param id by which the disk is known
 */
record SentVdi(UUID id, Reply reply) {

  /** Where it goes, and how. */
  record Reply(VdiFormat format, RawVdis.Download download, InstantSource clock) {
    /**
     * @throws io.keelson.api.ApiError VDI_TOO_LARGE when the format cannot hold so large a disk
     */
    void check(long size) {
      if (format == VdiFormat.VHD && size > VhdWriter.MOST_BYTES) {
        throw ApiErrors.vdiTooLarge(Long.toString(size), Long.toString(VhdWriter.MOST_BYTES));
      }
    }
  }

  /**
   * Sends all of it.
   *
   * @param disk its stretches are what differs from the base, where there is one
   * @param base by which the disk is known that it differs from
   */
  void send(SparseSource disk, Optional<UUID> base) throws IOException {
    switch (reply.format()) {
      case RAW -> {
        OutputStream out = begin(OptionalLong.of(disk.size()));
        RawDisk.write(disk, out);
        out.flush();
      }
      case VHD -> {
        VhdWriter writer = vhd(disk, base);
        OutputStream out = begin(OptionalLong.of(writer.length()));
        writer.writeTo(out);
        out.flush();
      }
      case QCOW2 -> {
        Qcow2Writer writer = new Qcow2Writer(disk, base.map(VdiUpload::fileName).orElse(""));
        OutputStream out = begin(OptionalLong.of(writer.length()));
        writer.writeTo(out);
        out.flush();
      }
      case TAR -> {
        OutputStream out = begin(OptionalLong.empty());
        DiskArchive.write(id.toString(), disk, out, reply.clock());
        out.flush();
      }
    }
  }

  private VhdWriter vhd(SparseSource disk, Optional<UUID> base) throws IOException {
    Instant now = reply.clock().instant();
    if (base.isEmpty()) {
      return VhdWriter.dynamic(disk, id, now);
    }
    UUID below = base.get();
    VhdParent parent = new VhdParent(below, now, below + "." + VdiFormat.VHD.text());
    return VhdWriter.differencing(disk, id, now, parent);
  }

  private OutputStream begin(OptionalLong length) {
    VdiFormat format = reply.format();
    return reply.download().begin(format.contentType(), id + "." + format.text(), length);
  }
}
