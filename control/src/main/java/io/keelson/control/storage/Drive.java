package io.keelson.control.storage;

import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import java.util.Optional;
import java.util.UUID;

/**
 * A drive that a VM is to have.
 *
 * @param content what is in it; empty for a removable drive with nothing in it
 * @param serial what the guest is told of its identity
 */
record Drive(
    Ref<Vbd> vbd,
    int device,
    DiskSpec.Kind kind,
    Optional<Content> content,
    boolean readOnly,
    boolean bootable,
    String serial) {
  private static final int LONGEST_SERIAL = 20;

  /**
   * A volume and where it can be reached.
   *
   * @param volume its identity within the repository
   * @param resets whether it goes back to what it was before it is used
   * @param cache the repository of its host that keeps what is read of what it goes back to
   */
  record Content(SrAccess at, UUID volume, boolean resets, Optional<SrAccess> cache) {
    Content asItIs() {
      return new Content(at, volume, false, Optional.empty());
    }
  }

  /** The drive of a VM that goes on with what it had. */
  Drive goingOn() {
    return new Drive(vbd, device, kind, content.map(Content::asItIs), readOnly, bootable, serial);
  }

  static Drive of(Ref<Vbd> ref, Vbd vbd, Optional<Content> content) {
    String identity = content.map(c -> c.volume().toString()).orElse(vbd.uuid()).replace("-", "");
    return new Drive(
        ref,
        Integer.parseInt(vbd.userdevice()),
        switch (vbd.type()) {
          case DISK -> DiskSpec.Kind.DISK;
          case CD -> DiskSpec.Kind.CD;
          case FLOPPY -> DiskSpec.Kind.FLOPPY;
        },
        content,
        vbd.mode() == VbdMode.RO,
        vbd.bootable(),
        identity.substring(0, Math.min(LONGEST_SERIAL, identity.length())));
  }

  DiskSpec spec(Optional<DiskSource> source) {
    return new DiskSpec(device, kind, source, readOnly, bootable, serial);
  }
}
