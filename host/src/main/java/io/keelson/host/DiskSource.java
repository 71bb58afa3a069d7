package io.keelson.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a disk's bytes are, in terms of QEMU's block layer, without the layer above knowing more.
 *
 * @param location a file's absolute path, {@code nfs://SERVER/PATH}, {@code
 *     iscsi://[USER@]HOST:PORT/TARGET/LUN[?password-file=PATH]}, or {@link #NOTHING} with a size:
 *     zeroes
 * @param format how the bytes are laid out
 * @param reads path of a qcow2 image on this machine that keeps what is read from below the image
 */
public record DiskSource(String location, Format format, Optional<String> reads) {
  /** Begins the location of a disk that holds nothing; its size in bytes follows. */
  public static final String NOTHING = "null-co://";

  public DiskSource(String location, Format format) {
    this(location, format, Optional.empty());
  }

  /** The same, with what is read from below it kept there. */
  public DiskSource keepingReads(Path image) {
    return new DiskSource(location, format, Optional.of(image.toString()));
  }

  /** The same, read where it is. */
  public DiskSource withoutReads() {
    return new DiskSource(location, format);
  }

  /** Image formats. */
  public enum Format {
    QCOW2,
    RAW
  }
}
