package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import io.keelson.host.storage.image.QemuImg;
import io.keelson.host.storage.image.VirtualSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Kind {@code dummy}, for tests of clients: volumes that have a size and hold nothing. What is
 * written is thrown away, and zeroes are read.
 */
final class DummyStorage implements Storage {
  private static final StorageKind KIND =
      new StorageKind(
          "dummy",
          "Dummy storage",
          "Disks for testing that hold nothing: what is written is lost, zeroes are read",
          "user",
          StorageKind.features(
              "SR_PROBE",
              "SR_ATTACH",
              "SR_DETACH",
              "SR_SCAN",
              "SR_UPDATE",
              "VDI_CREATE",
              "VDI_DELETE",
              "VDI_ATTACH",
              "VDI_DETACH",
              "VDI_CLONE",
              "VDI_SNAPSHOT",
              "VDI_RESIZE",
              "THIN_PROVISIONING"),
          Map.of());

  private final Path folder;
  private final Attached<SizeNotes> attached = new Attached<>();

  /**
   * @param folder where it is noted which volumes there are
   */
  DummyStorage(Path folder) {
    this.folder = folder;
  }

  @Override
  public StorageKind kind() {
    return KIND;
  }

  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    SizeNotes.make(folder.resolve(sr.toString()));
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    attached.put(host, sr, SizeNotes.open(folder.resolve(sr.toString())));
  }

  @Override
  public void detach(UUID host, UUID sr) {
    boolean _ = attached.remove(host, sr);
  }

  @Override
  public void delete(UUID host, UUID sr) {
    attached.get(host, sr).delete();
    attached.remove(sr);
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    SizeNotes _ = attached.get(host, sr);
    return new StorageSpace(VirtualSize.MOST, 0);
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    SizeNotes notes = attached.get(host, sr);
    return notes.all().stream().map(vdi -> volume(vdi, notes.size(vdi))).toList();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    SizeNotes.in(folder).forEach(found::add);
    return found.text();
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(vdi, attached.get(host, sr).size(vdi));
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    long size = VirtualSize.round(virtualSizeBytes);
    attached.get(host, sr).add(vdi, size);
    return volume(vdi, size);
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    attached.get(host, sr).remove(vdi);
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    SizeNotes notes = attached.get(host, sr);
    long size = VirtualSize.round(virtualSizeBytes);
    if (size < notes.size(vdi)) {
      throw new DriverException(Reason.INVALID, "volume " + vdi + " cannot shrink");
    }
    notes.change(vdi, size);
    return volume(vdi, size);
  }

  @Override
  public Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    SizeNotes notes = attached.get(host, sr);
    long size = notes.size(vdi);
    notes.add(copy, size);
    return new Fork(volume(copy, size), source(size));
  }

  @Override
  public void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    SizeNotes notes = attached.get(host, sr);
    if (notes.all().contains(copy)) {
      notes.remove(copy);
    }
  }

  /** The copy has the size, and like all of this kind no contents. */
  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    Volume made = createVolume(host, toSr, copy, QemuImg.virtualSize(from));
    progress.report(1);
    return made;
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return source(attached.get(host, sr).size(vdi));
  }

  @Override
  public VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return NbdVolume.open(open(host, sr, vdi, readOnly), readOnly);
  }

  private static DiskSource source(long size) {
    return new DiskSource(DiskSource.NOTHING + size, DiskSource.Format.RAW);
  }

  private static Volume volume(UUID vdi, long size) {
    return new Volume(vdi, vdi.toString(), "", size, 0, false);
  }
}
