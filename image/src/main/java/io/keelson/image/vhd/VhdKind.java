package io.keelson.image.vhd;

/** How a VHD file holds its disk. */
public enum VhdKind {
  /** All bytes of the disk, then the footer. */
  FIXED(2),
  /** Blocks that were written; the rest is zero. */
  DYNAMIC(3),
  /** Sectors that differ from another disk, its parent. */
  DIFFERENCING(4);

  private final int code;

  VhdKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
