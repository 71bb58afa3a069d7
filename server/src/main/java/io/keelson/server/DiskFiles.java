package io.keelson.server;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.host.DriverException;
import io.keelson.host.Storage;
import io.keelson.host.storage.ImageCheck;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Whether the disks of repositories of images are as their records say. */
final class DiskFiles {
  private static final String LOCAL = "file";
  private static final Set<String> OF_IMAGES = Set.of(LOCAL, "ext", "nfs", "smb");

  private DiskFiles() {}

  /**
   * Of a server that does not run: looks into local folders, and into the images.
   *
   * @return what is wrong, a sentence each
   */
  static List<String> faults(Snapshot state, Path data) {
    List<String> faults = new ArrayList<>();
    for (Row<Sr> sr : of(state, Set.of(LOCAL)).toList()) {
      Optional<Pbd> pbd =
          sr.record().pbds().stream()
              .flatMap(ref -> state.find(ApiModel.PBD, ref).stream())
              .findFirst();
      if (pbd.isPresent()) {
        Map<UUID, Long> sizes = new LinkedHashMap<>();
        disks(state, sr)
            .forEach(
                vdi -> sizes.put(UUID.fromString(vdi.record().uuid()), vdi.record().virtualSize()));
        faults.addAll(
            ImageCheck.of(
                data.toAbsolutePath().normalize().resolve("sr"),
                UUID.fromString(sr.record().uuid()),
                pbd.get().deviceConfig(),
                sizes));
      }
    }
    return faults;
  }

  /** Of a server that runs: asks the drivers. What operations change meanwhile is passed over. */
  static List<String> faults(Store store, Map<String, Storage> drivers) {
    Snapshot state = store.snapshot();
    List<String> faults = new ArrayList<>();
    for (Row<Sr> sr : of(state, OF_IMAGES).toList()) {
      Storage driver = drivers.get(sr.record().type());
      Optional<UUID> host = host(state, sr.record());
      if (driver != null && host.isPresent()) {
        UUID uuid = UUID.fromString(sr.record().uuid());
        for (Row<Vdi> vdi : disks(state, sr).toList()) {
          fault(driver, host.get(), uuid, vdi.record())
              .filter(_ -> isUnchanged(store.snapshot(), vdi))
              .ifPresent(fault -> faults.add("VDI " + vdi.record().uuid() + ": " + fault));
        }
      }
    }
    return faults;
  }

  private static Optional<String> fault(Storage driver, UUID host, UUID sr, Vdi vdi) {
    try {
      long found = driver.describe(host, sr, UUID.fromString(vdi.uuid())).virtualSize();
      return found == vdi.virtualSize()
          ? Optional.empty()
          : Optional.of("has %d bytes, and should have %d".formatted(found, vdi.virtualSize()));
    } catch (DriverException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isUnchanged(Snapshot now, Row<Vdi> vdi) {
    return now.find(ApiModel.VDI, vdi.ref())
        .filter(v -> v.virtualSize() == vdi.record().virtualSize())
        .filter(v -> v.currentOperations().isEmpty())
        .isPresent();
  }

  private static Optional<UUID> host(Snapshot state, Sr sr) {
    return sr.pbds().stream()
        .flatMap(ref -> state.find(ApiModel.PBD, ref).stream())
        .filter(Pbd::currentlyAttached)
        .flatMap(pbd -> state.find(ApiModel.HOST, pbd.host()).stream())
        .map(host -> UUID.fromString(host.uuid()))
        .findFirst();
  }

  private static Stream<Row<Sr>> of(Snapshot state, Set<String> types) {
    return state.rows(ApiModel.SR).filter(row -> types.contains(row.record().type()));
  }

  /** What is known to be missing is no news. */
  private static Stream<Row<Vdi>> disks(Snapshot state, Row<Sr> sr) {
    Ref<Sr> ref = sr.ref();
    return state
        .rows(ApiModel.VDI)
        .filter(row -> row.record().sr().equals(ref))
        .filter(row -> !row.record().missing());
  }
}
