package io.keelson.host.sim;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One simulated repository: its volumes, and the room that it has. Where it was made to have a
 * size, each volume takes up its own size; else only what it holds.
 */
final class SimulatedRepository {
  /** Of a repository that was made without a size. */
  private static final long SIZE_BYTES = 100L << 40;

  private static final long ROUND_TO = 1 << 20;
  private static final String IMAGE = "simulated.iso";

  private final UUID sr;
  private final long sizeBytes;
  private final ConcurrentHashMap<UUID, Volume> volumes = new ConcurrentHashMap<>();
  private volatile String location;

  /**
   * An empty repository.
   *
   * @param location where it lies, as whoever made or attached it has said
   * @param sizeBytes that it has room for, or 0 for no such limit
   */
  SimulatedRepository(UUID sr, String location, long sizeBytes) {
    this.sr = sr;
    this.location = location;
    this.sizeBytes = sizeBytes;
  }

  /** A library has one image, which nobody has written. */
  static SimulatedRepository library(UUID sr, String location, long sizeBytes) {
    SimulatedRepository library = new SimulatedRepository(sr, location, sizeBytes);
    UUID image = UUID.nameUUIDFromBytes((sr + IMAGE).getBytes(StandardCharsets.UTF_8));
    library.volumes.put(image, new Volume(image, IMAGE, IMAGE, ROUND_TO, ROUND_TO, true));
    return library;
  }

  String location() {
    return location;
  }

  /** It lies where somebody has said now. */
  void location(String now) {
    location = now;
  }

  StorageSpace space() {
    return new StorageSpace(sizeBytes > 0 ? sizeBytes : SIZE_BYTES, used());
  }

  private long used() {
    return volumes.values().stream()
        .mapToLong(sizeBytes > 0 ? Volume::virtualSize : Volume::used)
        .sum();
  }

  /** Raises NO_SPACE when so much more does not fit. */
  void checkRoom(long bytes) {
    StorageSpace space = space();
    if (bytes > space.size() - space.used()) {
      throw new DriverException(Reason.NO_SPACE, "the repository has no room for it");
    }
  }

  List<Volume> volumes() {
    return List.copyOf(volumes.values());
  }

  /** The volume; raises NOT_FOUND. */
  Volume get(UUID vdi) {
    return Optional.ofNullable(volumes.get(vdi))
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no volume " + vdi));
  }

  /** Makes a volume that holds nothing; raises ALREADY_EXISTS. */
  Volume add(UUID vdi, long size) {
    Volume volume = fresh(vdi, size);
    if (volumes.putIfAbsent(vdi, volume) != null) {
      throw new DriverException(Reason.ALREADY_EXISTS, "volume " + vdi + " exists already");
    }
    return volume;
  }

  /** The volume as it is with another size. */
  Volume resize(UUID vdi, long size) {
    Volume grown = fresh(vdi, size);
    volumes.put(vdi, grown);
    return grown;
  }

  void remove(UUID vdi) {
    volumes.remove(vdi);
  }

  DiskSource source(Volume volume) {
    return new DiskSource("/simulated/" + sr + "/" + volume.location(), DiskSource.Format.RAW);
  }

  /** The volume that a source is of, if it is one of these. */
  Optional<Volume> find(DiskSource source) {
    return volumes.values().stream().filter(volume -> source(volume).equals(source)).findFirst();
  }

  private static Volume fresh(UUID vdi, long size) {
    long rounded = (size + ROUND_TO - 1) / ROUND_TO * ROUND_TO;
    return new Volume(vdi, vdi + ".sim", "", rounded, 0, false);
  }
}
