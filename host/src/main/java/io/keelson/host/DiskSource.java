package io.keelson.host;

/**
 * Where a disk's bytes are, in terms of QEMU's block layer, without the layer above knowing more.
 *
 * @param location a file's absolute path, or a URL that the block layer understands (nfs, iscsi)
 * @param format how the bytes are laid out
 */
public record DiskSource(String location, Format format) {
  /** Image formats. */
  public enum Format {
    QCOW2,
    RAW
  }
}
