package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.control.Recovery;
import io.keelson.control.Resources;
import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.store.Snapshot;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends merges and moves of disks that the last run of the server left half-way in running VMs: they
 * wait with the guest's writes held back. What the records and the repositories say counts.
 */
public record DiskRecovery(Resources resources) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(DiskRecovery.class);

  @Override
  public void recover() {
    Snapshot state = resources.store().snapshot();
    List<Ref<Vdi>> disks =
        state
            .rows(ApiModel.VBD)
            .filter(row -> row.record().currentlyAttached())
            .map(row -> row.record().vdi())
            .filter(vdi -> state.find(ApiModel.VDI, vdi).isPresent())
            .distinct()
            .toList();
    DiskUsers.of(state, disks).drives().stream()
        .filter(DiskUsers.Drive::writes)
        .forEach(drive -> settle(state, drive));
  }

  private void settle(Snapshot state, DiskUsers.Drive drive) {
    StorageDrivers drivers = new StorageDrivers(resources.drivers().storages());
    Vbd vbd = state.get(ApiModel.VBD, drive.vbd());
    Vdi vdi = state.get(ApiModel.VDI, vbd.vdi());
    try {
      SrAccess at = SrAccess.anywhere(state, vdi.sr());
      DiskSource source =
          drivers.with(at, driver -> driver.open(at.host(), at.sr(), Volumes.id(vdi), false));
      resources.drivers().compute().settleDisk(drive.host(), drive.vmId(), drive.device(), source);
    } catch (ApiError | DriverException failure) {
      LOG.error(
          "whether work on disk {} of {} was under way is not known: {}",
          drive.device(),
          drive.vmId(),
          failure.getMessage());
    }
  }
}
