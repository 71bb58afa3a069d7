package io.keelson.host.sim;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Repositories whose volumes are entries of a map, and their contents in memory. */
final class SimulatedStorage implements Storage {
  private record Attachment(UUID host, UUID sr) {}

  private final StorageKind kind;
  private final SimulatedHosts hosts;
  private final Weather weather;
  private final ConcurrentHashMap<UUID, SimulatedRepository> repositories =
      new ConcurrentHashMap<>();

  /** What was written, by volume; a volume that is not here holds zeroes. */
  private final ConcurrentHashMap<UUID, Pages> contents = new ConcurrentHashMap<>();

  /** What volumes go back to when they are reset. */
  private final ConcurrentHashMap<UUID, Pages> kept = new ConcurrentHashMap<>();

  private final Set<Attachment> attached = ConcurrentHashMap.newKeySet();

  SimulatedStorage(StorageKind kind, SimulatedHosts hosts, Weather weather) {
    this.kind = kind;
    this.hosts = hosts;
    this.weather = weather;
  }

  @Override
  public StorageKind kind() {
    return kind;
  }

  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    int _ = hosts.number(host);
    weather.pass("create", sr);
    if (repositories.putIfAbsent(sr, fresh(sr, deviceConfig, sizeBytes)) != null) {
      throw new DriverException(Reason.ALREADY_EXISTS, "repository " + sr + " exists already");
    }
  }

  private SimulatedRepository fresh(UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    return isLibrary()
        ? SimulatedRepository.library(sr, location(deviceConfig), sizeBytes)
        : new SimulatedRepository(sr, location(deviceConfig), sizeBytes);
  }

  private static String location(Map<String, String> deviceConfig) {
    return deviceConfig.getOrDefault("location", "");
  }

  private boolean isLibrary() {
    return !kind.features().containsKey("VDI_CREATE");
  }

  /** A repository of an earlier run is there, but empty: nothing is kept when the process ends. */
  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    int _ = hosts.number(host);
    weather.pass("attach", sr);
    repositories
        .computeIfAbsent(sr, _ -> fresh(sr, deviceConfig, 0))
        .location(location(deviceConfig));
    attached.add(new Attachment(host, sr));
  }

  @Override
  public void detach(UUID host, UUID sr) {
    weather.pass("detach", sr);
    attached.remove(new Attachment(host, sr));
  }

  @Override
  public void delete(UUID host, UUID sr) {
    SimulatedRepository _ = repository(host, sr);
    weather.pass("delete", sr);
    repositories.remove(sr);
    attached.removeIf(attachment -> attachment.sr().equals(sr));
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    return repository(host, sr).space();
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return repository(host, sr).volumes();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    int _ = hosts.number(host);
    String wanted = location(deviceConfig);
    return repositories.entrySet().stream()
        .filter(repository -> wanted.equals(repository.getValue().location()))
        .map(repository -> "<SR><UUID>" + repository.getKey() + "</UUID></SR>")
        .collect(Collectors.joining("", "<SRlist>", "</SRlist>"));
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return repository(host, sr).get(vdi);
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    SimulatedRepository repository = writable(host, sr);
    if (virtualSizeBytes < 0) {
      throw new DriverException(Reason.INVALID, "a volume of a negative size");
    }
    repository.checkRoom(virtualSizeBytes);
    weather.pass("createVolume", vdi);
    return repository.add(vdi, virtualSizeBytes);
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    Volume _ = repository(host, sr).get(vdi);
    weather.pass("destroyVolume", vdi);
    writable(host, sr).remove(vdi);
    contents.remove(vdi);
    kept.remove(vdi);
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    Volume old = repository(host, sr).get(vdi);
    if (virtualSizeBytes < old.virtualSize()) {
      throw new DriverException(Reason.INVALID, "a volume does not shrink");
    }
    SimulatedRepository repository = writable(host, sr);
    repository.checkRoom(virtualSizeBytes - old.virtualSize());
    weather.pass("resize", vdi);
    return repository.resize(vdi, virtualSizeBytes);
  }

  /** Has a volume be as large as the machine that runs with it sees it now. */
  void grow(DiskSource source, long virtualSizeBytes) {
    for (SimulatedRepository repository : repositories.values()) {
      repository
          .find(source.withoutReads())
          .ifPresent(volume -> repository.resize(volume.vdi(), virtualSizeBytes));
    }
  }

  @Override
  public Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    Volume original = repository(host, sr).get(vdi);
    SimulatedRepository repository = writable(host, sr);
    repository.checkRoom(original.virtualSize());
    weather.pass("fork", vdi);
    Volume other = repository.add(copy, original.virtualSize());
    duplicate(vdi, copy);
    return new Fork(other, repository.source(original));
  }

  @Override
  public void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    writable(host, sr).remove(copy);
    contents.remove(copy);
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    SimulatedRepository repository = writable(host, toSr);
    OptionalLong core = SimulatedCore.size(from);
    Optional<Volume> original = core.isPresent() ? Optional.empty() : Optional.of(find(from));
    long size = core.orElseGet(() -> original.orElseThrow().virtualSize());
    progress.stopIfCancelled("the copy");
    repository.checkRoom(size);
    weather.pass("copyVolume", copy);
    Volume written = repository.add(copy, size);
    original.ifPresent(volume -> duplicate(volume.vdi(), copy));
    progress.report(1);
    return written;
  }

  private Volume find(DiskSource source) {
    return repositories.values().stream()
        .flatMap(repository -> repository.find(source).stream())
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no volume " + source.location()));
  }

  @Override
  public Volume replaceVolume(UUID host, DiskSource from, UUID toSr, UUID vdi, Progress progress) {
    Volume volume = repository(host, toSr).get(vdi);
    progress.stopIfCancelled("the copy");
    weather.pass("replaceVolume", vdi);
    progress.report(1);
    return volume;
  }

  @Override
  public Volume resetVolume(UUID host, UUID sr, UUID vdi) {
    weather.pass("resetVolume", vdi);
    Volume volume = repository(host, sr).get(vdi);
    Pages now = contents.getOrDefault(vdi, new Pages());
    contents.put(vdi, kept.computeIfAbsent(vdi, _ -> now.copy()).copy());
    return volume;
  }

  @Override
  public void persistVolume(UUID host, UUID sr, UUID vdi) {
    Volume _ = repository(host, sr).get(vdi);
    kept.remove(vdi);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    SimulatedRepository repository = repository(host, sr);
    return repository.source(repository.get(vdi));
  }

  @Override
  public Path memory(UUID host, UUID sr, UUID vdi) {
    return Path.of(open(host, sr, vdi, false).location() + ".memory");
  }

  @Override
  public VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    if (!readOnly) {
      SimulatedRepository _ = writable(host, sr);
    }
    long size = repository(host, sr).get(vdi).virtualSize();
    return contents.computeIfAbsent(vdi, _ -> new Pages()).open(size, readOnly);
  }

  private void duplicate(UUID vdi, UUID copy) {
    Pages original = contents.get(vdi);
    if (original != null) {
      contents.put(copy, original.copy());
    }
  }

  private SimulatedRepository repository(UUID host, UUID sr) {
    int _ = hosts.number(host);
    SimulatedRepository repository = repositories.get(sr);
    if (repository == null || !attached.contains(new Attachment(host, sr))) {
      throw new DriverException(Reason.NOT_FOUND, "repository " + sr + " is not attached");
    }
    return repository;
  }

  private SimulatedRepository writable(UUID host, UUID sr) {
    if (isLibrary()) {
      throw new DriverException(Reason.UNSUPPORTED, "a library's images are not changed here");
    }
    return repository(host, sr);
  }
}
