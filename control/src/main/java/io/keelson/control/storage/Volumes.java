package io.keelson.control.storage;

import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.host.Volume;
import java.util.UUID;

/** How disks' records and drivers' volumes correspond: by uuid. */
final class Volumes {
  private Volumes() {}

  static UUID id(Vdi vdi) {
    return UUID.fromString(vdi.uuid());
  }

  /** The record with what the driver says of the volume. */
  static Vdi described(Vdi vdi, Volume volume) {
    return vdi.with(b ->
        b.location(volume.location())
            .virtualSize(volume.virtualSize())
            .physicalUtilisation(volume.used())
            .missing(false));
  }

  /** A record for a volume that was found. */
  static Vdi found(Vdi blank, Volume volume) {
    return described(
        blank.with(b ->
            b.uuid(volume.vdi().toString())
                .nameLabel(volume.name())
                .type(VdiType.USER)
                .readOnly(volume.readOnly())
                .managed(true)),
        volume);
  }
}
