package io.keelson.host;

import java.util.Optional;

/**
 * A drive of a machine.
 *
 * @param device its number (VBD userdevice)
 * @param kind disk, CD or floppy
 * @param source what is in it; empty only for a removable drive
 * @param readOnly whether the guest may write
 * @param bootable whether the firmware may try it
 * @param serial an identity the guest can read, at most 20 characters
 */
public record DiskSpec(
    int device,
    Kind kind,
    Optional<DiskSource> source,
    boolean readOnly,
    boolean bootable,
    String serial) {
  /** The drive with something else in it. */
  public DiskSpec with(Optional<DiskSource> other) {
    return new DiskSpec(device, kind, other, readOnly, bootable, serial);
  }

  /** What the guest sees. */
  public enum Kind {
    DISK,
    CD,
    FLOPPY
  }
}
