package io.keelson.control.exchange;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.model.Vdi;
import io.keelson.control.storage.FilledVdis;
import io.keelson.control.storage.FilledVdis.Planned;
import io.keelson.control.storage.MadeVdi;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.SavedMachine;
import io.keelson.image.SparseTarget;
import io.keelson.image.raw.FileDisk;
import io.keelson.image.xva.XvaReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Moves what an archive holds besides records to where it will be: disks, the memory of suspended
 * VMs, what virtual TPMs remember.
 *
 * @param force whether a memory image of no use here is passed over
 */
record ArrivingData(
    FilledVdis disks,
    SuspendImages images,
    TpmStates tpms,
    XvaReader archive,
    Arrivals arrivals,
    boolean force) {
  /** Why a memory image is of no use, whatever else there is. */
  private static final Set<Reason> USELESS =
      Set.of(Reason.CORRUPT, Reason.NOT_FOUND, Reason.UNSUPPORTED);

  /**
   * Makes all of it, or nothing.
   *
   * @param making the disks, by their ids, in the archive's order
   * @param newTpms what the TPMs will be called, by their ids
   * @param memory whose memory some disks are, by their ids
   * @return the disks that were made
   */
  Map<String, MadeVdi> make(
      Map<String, Planned> making,
      Map<String, UUID> newTpms,
      Map<String, ArrivedMemory> memory,
      Progress progress) {
    List<Planned> begun = new ArrayList<>();
    Map<String, MadeVdi> made = new LinkedHashMap<>();
    try {
      newTpms.forEach(this::makeTpm);
      for (Map.Entry<String, Planned> disk : making.entrySet()) {
        Progress part = progress.part(begun.size(), making.size());
        begun.add(disk.getValue());
        String id = disk.getKey();
        if (memory.containsKey(id)) {
          makeMemory(id, disk.getValue(), memory.get(id), part).ifPresent(m -> made.put(id, m));
        } else {
          made.put(id, make(id, disk.getValue()));
        }
        part.report(1);
      }
      archive.end();
      if (progress.cancelled()) {
        throw new DriverException(Reason.CANCELLED, "the import was cancelled");
      }
      return made;
    } catch (IOException e) {
      takeBack(begun, newTpms);
      throw ArchiveErrors.of(e);
    } catch (RuntimeException e) {
      takeBack(begun, newTpms);
      throw e;
    }
  }

  /** Removes what was written down in vain. */
  void takeBack(List<Planned> begun, Map<String, UUID> newTpms) {
    disks.revert(begun);
    tpms.forget(Set.copyOf(newTpms.values()));
  }

  /** One of which the archive says nothing is new when its VM first starts. */
  private void makeTpm(String id, UUID uuid) {
    byte[] state = arrivals.bundle().tpms().get(id);
    if (state == null) {
      return;
    }
    try {
      tpms.write(uuid, state);
    } catch (DriverException e) {
      throw e.reason() == Reason.INVALID
          ? ApiErrors.importError(String.valueOf(e.getMessage()))
          : e;
    }
  }

  private MadeVdi make(String folder, Planned disk) throws IOException {
    disks.make(disk);
    try (SparseTarget target = disks.open(disk)) {
      archive.disk(folder, disk.record().virtualSize(), target);
      target.flush();
    }
    return disks.made(disk);
  }

  /** Empty for an image of no use here, which is passed over where that is wanted. */
  private Optional<MadeVdi> makeMemory(
      String folder, Planned disk, ArrivedMemory memory, Progress progress) throws IOException {
    disks.make(disk);
    SuspendImages.Image image =
        new SuspendImages.Image(
            disk.vdi(),
            disk.at().host(),
            disk.at().ref(),
            disk.at().type(),
            disk.at().sr(),
            disk.volume(),
            disk.record().virtualSize());
    long length =
        Optional.ofNullable(arrivals.disks().get(folder)).map(Vdi::virtualSize).orElse(0L);
    try (FileDisk target = images.write(image, length)) {
      archive.disk(folder, length, target);
      target.flush();
    }
    try {
      memory.check(inspected(image, progress));
    } catch (ApiError useless) {
      if (!force) {
        throw useless;
      }
      disks.revert(List.of(disk));
      return Optional.empty();
    }
    return Optional.of(disks.made(disk));
  }

  private SavedMachine inspected(SuspendImages.Image image, Progress progress) {
    try {
      return images.inspect(image, progress);
    } catch (DriverException e) {
      throw USELESS.contains(e.reason())
          ? ApiErrors.importError("A suspended VM cannot go on here: " + e.getMessage())
          : e;
    }
  }
}
