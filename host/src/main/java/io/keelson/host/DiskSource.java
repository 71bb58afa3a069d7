package io.keelson.host;

/**
 * Where a disk's bytes are, in terms of QEMU's block layer, without the layer above knowing more.
 *
 * @param location a file's absolute path, {@code nfs://SERVER/PATH}, {@code
 *     iscsi://[USER@]HOST:PORT/TARGET/LUN[?password-file=PATH]}, or {@link #NOTHING} with a size:
 *     zeroes
 * @param format how the bytes are laid out
 */
public record DiskSource(String location, Format format) {
  /** Begins the location of a disk that holds nothing; its size in bytes follows. */
  public static final String NOTHING = "null-co://";

  /** Image formats. */
  public enum Format {
    QCOW2,
    RAW
  }
}
