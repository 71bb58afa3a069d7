package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.host.Progress;
import io.keelson.image.SparseTarget;
import io.keelson.image.qcow2.Qcow2Reader;
import io.keelson.image.raw.FramedDisk;
import io.keelson.image.raw.RawDisk;
import io.keelson.image.vhd.VhdKind;
import io.keelson.image.vhd.VhdReader;
import io.keelson.image.xva.DiskArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A disk that a client uploads.
 *
 * @param frames whether the bytes come in frames that say where they belong; what no frame holds
 *     stays as it is
 * @param length of the upload where it is known
 * @param ends whether its end is told, so that it may be shorter than the disk
 * @param base uuid of the disk that a qcow2 image may rest on: it is then laid over what is there
 * @param scratch where images lie that cannot be read from their start to their end
 */
public record VdiUpload(
    InputStream body,
    VdiFormat format,
    boolean frames,
    OptionalLong length,
    boolean ends,
    Optional<UUID> base,
    Path scratch) {
  private static final int PART = 1 << 20;
  private static final long TABLES = 64 << 20;

  /** How many bytes the disk has at least, as far as that is known before. */
  long atLeast() {
    return format == VdiFormat.RAW && !frames ? length.orElse(0) : 0;
  }

  /**
   * Writes it onto a disk.
   *
   * @param empty whether the disk is known to hold zeroes
   * @throws io.keelson.api.ApiError IMPORT_ERROR, VDI_TOO_SMALL
   */
  void writeTo(SparseTarget target, Ref<Vdi> vdi, boolean empty, Progress progress) {
    SparseTarget disk = Watched.target(target, progress);
    try {
      switch (format) {
        case RAW -> {
          if (frames) {
            FramedDisk.read(body, disk);
          } else {
            RawDisk.read(body, disk, ends, empty);
          }
        }
        case VHD -> {
          VhdReader _ = VhdReader.copy(body, disk, kind -> prepare(disk, kind, empty));
        }
        case QCOW2 -> image(disk, vdi, empty);
        case TAR -> {
          clear(disk, empty);
          DiskArchive.read(body, disk);
        }
      }
      target.flush();
    } catch (IOException e) {
      throw ApiErrors.importError(String.valueOf(e.getMessage()));
    }
  }

  /** A differencing file is laid over what the disk holds; others are all of a disk. */
  private static void prepare(SparseTarget disk, VhdKind kind, boolean empty) throws IOException {
    clear(disk, empty || kind == VhdKind.DIFFERENCING);
  }

  private static void clear(SparseTarget disk, boolean empty) throws IOException {
    if (!empty) {
      disk.zero(0, disk.size());
    }
  }

  /** Its tables may be anywhere, so it has to be whole before it is read. */
  private void image(SparseTarget disk, Ref<Vdi> vdi, boolean empty) throws IOException {
    Path file = Files.createTempFile(scratch, "upload", ".tmp");
    try (FileChannel spool =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      fill(spool, disk.size() + disk.size() / 4 + TABLES);
      Qcow2Reader reader = Qcow2Reader.of(spool);
      if (reader.size() > disk.size()) {
        throw ApiErrors.vdiTooSmall(vdi.text(), Long.toString(reader.size()));
      }
      Optional<String> below = reader.backing();
      if (below.isPresent() && !below.equals(base.map(VdiUpload::fileName))) {
        throw new IOException("the image rests on another, which base= does not name");
      }
      clear(disk, empty || below.isPresent());
      reader.copyTo(disk, _ -> {});
    }
  }

  /** What an image that rests on a disk calls it. */
  static String fileName(UUID disk) {
    return disk + "." + VdiFormat.QCOW2.text();
  }

  /** No image of the disk needs more than {@code most}. */
  private void fill(FileChannel spool, long most) throws IOException {
    byte[] part = new byte[PART];
    long taken = 0;
    for (int n = body.read(part); n >= 0; n = body.read(part)) {
      taken += n;
      if (taken > most) {
        throw new IOException("the image is larger than any image of the disk would be");
      }
      ByteBuffer bytes = ByteBuffer.wrap(part, 0, n);
      while (bytes.hasRemaining()) {
        spool.write(bytes);
      }
    }
  }
}
