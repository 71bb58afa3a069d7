package io.keelson.host.storage;

import io.keelson.host.ChainSurvey;
import io.keelson.host.DiskSource;
import io.keelson.host.ImageMerge;
import io.keelson.host.LiveMerge;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import io.keelson.host.storage.image.VirtualSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Thin qcow2 images in a folder: kinds {@code file}, {@code ext} and {@code nfs}. */
public final class FileStorage implements Storage {
  private final StorageKind kind;
  private final Attachments attachments;

  /**
   * Kind {@code file}.
   *
   * @param folders where a repository lies whose configuration names no location
   */
  public FileStorage(Path folders) {
    this(new LocalPlace(folders));
  }

  FileStorage(Place place) {
    this.kind = place.kind();
    this.attachments = new Attachments(place);
  }

  @Override
  public StorageKind kind() {
    return kind;
  }

  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    attachments.create(sr, deviceConfig);
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    attachments.attach(host, sr, deviceConfig);
  }

  @Override
  public void detach(UUID host, UUID sr) {
    attachments.detach(host, sr);
  }

  @Override
  public void delete(UUID host, UUID sr) {
    attachments.delete(host, sr);
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    return attachments.repository(host, sr).space();
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return attachments.repository(host, sr).scan();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    return attachments.probe(deviceConfig);
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return attachments.repository(host, sr).describe(vdi);
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    return attachments.repository(host, sr).create(vdi, VirtualSize.round(virtualSizeBytes));
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    attachments.repository(host, sr).destroy(vdi);
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    return attachments.repository(host, sr).resize(vdi, VirtualSize.round(virtualSizeBytes));
  }

  @Override
  public Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    return attachments.repository(host, sr).fork(vdi, copy, live);
  }

  @Override
  public void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    attachments.repository(host, sr).undoFork(vdi, copy);
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    progress.stopIfCancelled("the copy");
    return attachments.repository(host, toSr).copy(from, copy, progress);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return attachments.repository(host, sr).open(vdi);
  }

  @Override
  public Path memory(UUID host, UUID sr, UUID vdi) {
    return attachments.repository(host, sr).memory(vdi);
  }

  @Override
  public Optional<Below> below(UUID host, UUID sr, UUID vdi) {
    return attachments.repository(host, sr).below(vdi);
  }

  @Override
  public Optional<Path> keepReads(UUID host, UUID sr, UUID vdi, Below below) {
    return kind.features().containsKey(FolderKinds.KEEPS_READS)
        ? attachments.repository(host, sr).reads().keep(vdi, below)
        : Optional.empty();
  }

  @Override
  public void forgetReads(UUID host, UUID sr) {
    attachments.repository(host, sr).reads().forget();
  }

  @Override
  public VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return NbdVolume.open(open(host, sr, vdi, readOnly), readOnly);
  }

  @Override
  public VolumeBytes bytesBeside(UUID host, UUID sr, UUID vdi, UUID other) {
    return attachments.repository(host, sr).openBeside(vdi, other);
  }

  @Override
  public ChainSurvey survey(UUID host, UUID sr) {
    return attachments.repository(host, sr).survey();
  }

  @Override
  public boolean merge(
      UUID host, UUID sr, ImageMerge merge, Optional<LiveMerge> live, Progress progress) {
    return attachments.repository(host, sr).merge(merge, live, progress);
  }

  @Override
  public Volume resetVolume(UUID host, UUID sr, UUID vdi) {
    return attachments.repository(host, sr).reset(vdi);
  }

  @Override
  public void persistVolume(UUID host, UUID sr, UUID vdi) {
    attachments.repository(host, sr).persist(vdi);
  }

  @Override
  public Volume replaceVolume(UUID host, DiskSource from, UUID toSr, UUID vdi, Progress progress) {
    progress.stopIfCancelled("the copy");
    return attachments.repository(host, toSr).replace(vdi, from, progress);
  }
}
