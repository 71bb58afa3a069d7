package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.ImageMerge;
import io.keelson.host.Progress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Changes a repository until it is killed. It never writes to a volume, so that each one holds what
 * the first of its family held; before a change it says what the change may leave.
 */
final class Changer {
  private static final int MOST_CHANGES = 10_000;

  private Changer() {}

  /** Arguments: the folder of repositories, the repository, and the volume to start from. */
  public static void main(String[] arguments) {
    UUID host = UUID.randomUUID();
    UUID sr = UUID.fromString(arguments[1]);
    UUID origin = UUID.fromString(arguments[2]);
    FileStorage storage = new FileStorage(Path.of(arguments[0]));
    storage.attach(host, sr, Map.of());
    System.out.println("ready");
    Optional<UUID> spare = Optional.empty();
    for (int i = 0; i < MOST_CHANGES; i++) {
      UUID copy = UUID.randomUUID();
      boolean live = ThreadLocalRandom.current().nextBoolean();
      storage.fork(host, sr, origin, copy, live);
      System.out.println("made " + copy);
      if (live) {
        storage.undoFork(host, sr, origin, copy);
        System.out.println("gone " + copy);
      } else {
        DiskSource source = storage.open(host, sr, copy, false);
        Disk.write(source, 1, 1);
        spare.ifPresent(old -> {
          storage.destroyVolume(host, sr, old);
          System.out.println("gone " + old);
        });
        storage.fork(host, sr, copy, UUID.randomUUID(), false);
        spare = Optional.of(copy);
      }
      for (ImageMerge merge : storage.survey(host, sr).merges()) {
        storage.merge(host, sr, merge, Optional.empty(), Progress.NONE);
      }
      storage.resize(host, sr, origin, storage.describe(host, sr, origin).virtualSize() + 1);
    }
  }
}
