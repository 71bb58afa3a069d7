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
import java.nio.charset.StandardCharsets;
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
  /** Of a repository that was made without a size. */
  private static final long SIZE_BYTES = 100L << 40;

  private static final long ROUND_TO = 1 << 20;
  private static final String IMAGE = "simulated.iso";

  private record Attachment(UUID host, UUID sr) {}

  private final StorageKind kind;
  private final SimulatedHosts hosts;
  private final Weather weather;
  private final ConcurrentHashMap<UUID, Map<UUID, Volume>> repositories = new ConcurrentHashMap<>();

  /** What was written, by volume; a volume that is not here holds zeroes. */
  private final ConcurrentHashMap<UUID, Pages> contents = new ConcurrentHashMap<>();

  /** What volumes go back to when they are reset. */
  private final ConcurrentHashMap<UUID, Pages> kept = new ConcurrentHashMap<>();

  /** Bytes that repositories were made to have room for; such volumes take up what they hold. */
  private final ConcurrentHashMap<UUID, Long> sizes = new ConcurrentHashMap<>();

  /** Where repositories lie, as whoever made or attached them has said. */
  private final ConcurrentHashMap<UUID, String> locations = new ConcurrentHashMap<>();

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
    if (repositories.putIfAbsent(sr, first(sr)) != null) {
      throw new DriverException(Reason.ALREADY_EXISTS, "repository " + sr + " exists already");
    }
    locations.put(sr, location(deviceConfig));
    if (sizeBytes > 0) {
      sizes.put(sr, sizeBytes);
    }
  }

  /** What a new repository holds: a library has one image, which nobody has written. */
  private Map<UUID, Volume> first(UUID sr) {
    Map<UUID, Volume> volumes = new ConcurrentHashMap<>();
    if (isLibrary()) {
      UUID image = UUID.nameUUIDFromBytes((sr + IMAGE).getBytes(StandardCharsets.UTF_8));
      volumes.put(image, new Volume(image, IMAGE, IMAGE, ROUND_TO, ROUND_TO, true));
    }
    return volumes;
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
    repositories.putIfAbsent(sr, first(sr));
    locations.put(sr, location(deviceConfig));
    attached.add(new Attachment(host, sr));
  }

  @Override
  public void detach(UUID host, UUID sr) {
    weather.pass("detach", sr);
    attached.remove(new Attachment(host, sr));
  }

  @Override
  public void delete(UUID host, UUID sr) {
    Map<UUID, Volume> _ = volumes(host, sr);
    weather.pass("delete", sr);
    repositories.remove(sr);
    sizes.remove(sr);
    locations.remove(sr);
    attached.removeIf(attachment -> attachment.sr().equals(sr));
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    Map<UUID, Volume> volumes = volumes(host, sr);
    return new StorageSpace(sizes.getOrDefault(sr, SIZE_BYTES), used(sr, volumes));
  }

  private long used(UUID sr, Map<UUID, Volume> volumes) {
    return volumes.values().stream()
        .mapToLong(sizes.containsKey(sr) ? Volume::virtualSize : Volume::used)
        .sum();
  }

  private void checkRoom(UUID sr, Map<UUID, Volume> volumes, long bytes) {
    if (bytes > sizes.getOrDefault(sr, SIZE_BYTES) - used(sr, volumes)) {
      throw new DriverException(Reason.NO_SPACE, "the repository has no room for it");
    }
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return List.copyOf(volumes(host, sr).values());
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    int _ = hosts.number(host);
    String wanted = location(deviceConfig);
    return repositories.keySet().stream()
        .filter(sr -> wanted.equals(locations.get(sr)))
        .map(sr -> "<SR><UUID>" + sr + "</UUID></SR>")
        .collect(Collectors.joining("", "<SRlist>", "</SRlist>"));
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(host, sr, vdi);
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    Map<UUID, Volume> volumes = writable(host, sr);
    if (virtualSizeBytes < 0) {
      throw new DriverException(Reason.INVALID, "a volume of a negative size");
    }
    checkRoom(sr, volumes, virtualSizeBytes);
    weather.pass("createVolume", vdi);
    return put(volumes, fresh(vdi, round(virtualSizeBytes)));
  }

  private static long round(long bytes) {
    return (bytes + ROUND_TO - 1) / ROUND_TO * ROUND_TO;
  }

  private static Volume fresh(UUID vdi, long size) {
    return new Volume(vdi, vdi + ".sim", "", size, 0, false);
  }

  private static Volume put(Map<UUID, Volume> volumes, Volume volume) {
    if (volumes.putIfAbsent(volume.vdi(), volume) != null) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "volume " + volume.vdi() + " exists already");
    }
    return volume;
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    Volume _ = volume(host, sr, vdi);
    weather.pass("destroyVolume", vdi);
    writable(host, sr).remove(vdi);
    contents.remove(vdi);
    kept.remove(vdi);
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    Volume old = volume(host, sr, vdi);
    if (virtualSizeBytes < old.virtualSize()) {
      throw new DriverException(Reason.INVALID, "a volume does not shrink");
    }
    Map<UUID, Volume> volumes = writable(host, sr);
    checkRoom(sr, volumes, virtualSizeBytes - old.virtualSize());
    weather.pass("resize", vdi);
    Volume grown = fresh(vdi, round(virtualSizeBytes));
    volumes.put(vdi, grown);
    return grown;
  }

  @Override
  public Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    Volume original = volume(host, sr, vdi);
    Map<UUID, Volume> volumes = writable(host, sr);
    checkRoom(sr, volumes, original.virtualSize());
    weather.pass("fork", vdi);
    Volume other = put(volumes, fresh(copy, original.virtualSize()));
    duplicate(vdi, copy);
    return new Fork(other, source(sr, original));
  }

  @Override
  public void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    writable(host, sr).remove(copy);
    contents.remove(copy);
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    Map<UUID, Volume> volumes = writable(host, toSr);
    OptionalLong core = SimulatedCore.size(from);
    Optional<Volume> original = core.isPresent() ? Optional.empty() : Optional.of(find(from));
    long size = core.orElseGet(() -> original.orElseThrow().virtualSize());
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the copy was cancelled");
    }
    checkRoom(toSr, volumes, size);
    weather.pass("copyVolume", copy);
    Volume written = put(volumes, fresh(copy, round(size)));
    original.ifPresent(volume -> duplicate(volume.vdi(), copy));
    progress.report(1);
    return written;
  }

  private Volume find(DiskSource source) {
    return repositories.entrySet().stream()
        .flatMap(repository ->
            repository.getValue().values().stream()
                .filter(volume -> source(repository.getKey(), volume).equals(source)))
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no volume " + source.location()));
  }

  @Override
  public Volume replaceVolume(UUID host, DiskSource from, UUID toSr, UUID vdi, Progress progress) {
    Volume volume = volume(host, toSr, vdi);
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the copy was cancelled");
    }
    weather.pass("replaceVolume", vdi);
    progress.report(1);
    return volume;
  }

  @Override
  public Volume resetVolume(UUID host, UUID sr, UUID vdi) {
    weather.pass("resetVolume", vdi);
    Volume volume = volume(host, sr, vdi);
    Pages now = contents.getOrDefault(vdi, new Pages());
    contents.put(vdi, kept.computeIfAbsent(vdi, _ -> now.copy()).copy());
    return volume;
  }

  @Override
  public void persistVolume(UUID host, UUID sr, UUID vdi) {
    Volume _ = volume(host, sr, vdi);
    kept.remove(vdi);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return source(sr, volume(host, sr, vdi));
  }

  @Override
  public Path memory(UUID host, UUID sr, UUID vdi) {
    return Path.of(open(host, sr, vdi, false).location() + ".memory");
  }

  @Override
  public VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    if (!readOnly) {
      Map<UUID, Volume> _ = writable(host, sr);
    }
    long size = volume(host, sr, vdi).virtualSize();
    return contents.computeIfAbsent(vdi, _ -> new Pages()).open(size, readOnly);
  }

  private void duplicate(UUID vdi, UUID copy) {
    Pages original = contents.get(vdi);
    if (original != null) {
      contents.put(copy, original.copy());
    }
  }

  private static DiskSource source(UUID sr, Volume volume) {
    return new DiskSource("/simulated/" + sr + "/" + volume.location(), DiskSource.Format.RAW);
  }

  private Map<UUID, Volume> volumes(UUID host, UUID sr) {
    int _ = hosts.number(host);
    Map<UUID, Volume> volumes = repositories.get(sr);
    if (volumes == null || !attached.contains(new Attachment(host, sr))) {
      throw new DriverException(Reason.NOT_FOUND, "repository " + sr + " is not attached");
    }
    return volumes;
  }

  private Map<UUID, Volume> writable(UUID host, UUID sr) {
    if (isLibrary()) {
      throw new DriverException(Reason.UNSUPPORTED, "a library's images are not changed here");
    }
    return volumes(host, sr);
  }

  private Volume volume(UUID host, UUID sr, UUID vdi) {
    Volume volume = volumes(host, sr).get(vdi);
    if (volume == null) {
      throw new DriverException(Reason.NOT_FOUND, "no volume " + vdi);
    }
    return volume;
  }
}
