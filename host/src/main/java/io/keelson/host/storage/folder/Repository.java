package io.keelson.host.storage.folder;

import io.keelson.host.ChainSurvey;
import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.ImageMerge;
import io.keelson.host.LiveMerge;
import io.keelson.host.Progress;
import io.keelson.host.Storage.Below;
import io.keelson.host.Storage.Fork;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import io.keelson.host.storage.image.QemuImg;
import io.keelson.host.storage.image.VirtualSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of one attached folder.
 *
 * <p>Each change makes its images first, flushes them, and then becomes true by one step on a link.
 * A crash leaves either the old state or the new one, and at most images that nothing refers to,
 * which {@link #sweep} removes. Volumes that share blocks form a family and take turns; families do
 * not wait for each other.
 */
public final class Repository {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

  private static final Duration QUIET = Duration.ofHours(1);

  private final Folder folder;
  private final Volumes volumes;
  private final Forks forks;
  private final KeptReads reads;
  private final Families families = new Families();

  /** Shared by work on volumes; exclusive to sweep and to delete. */
  private final ReentrantReadWriteLock whole = new ReentrantReadWriteLock();

  public Repository(Folder folder) {
    this.folder = folder;
    this.volumes = new Volumes(folder);
    this.forks = new Forks(folder, volumes);
    this.reads = new KeptReads(folder.root());
  }

  /** What is kept here of what is read elsewhere. */
  public KeptReads reads() {
    return reads;
  }

  /** Where it lies. */
  public Folder folder() {
    return folder;
  }

  /** Removes images that an interrupted call left; none when a damaged volume may need them. */
  public void sweep() {
    sweep(image -> true);
  }

  /** The same where another process may just be making an image, which it writes all the time. */
  public void sweepQuiet() {
    sweep(image -> folder.quiet(image, QUIET));
  }

  private void sweep(Predicate<String> left) {
    alone(() -> {
      folder.removeDrafts();
      Kinship.sweep(folder, left);
    });
  }

  /** Removes all of it. */
  public void delete() {
    alone(() -> {
      reads.clear();
      folder.clear();
    });
  }

  /** The space of the file system that it lies on. */
  public StorageSpace space() {
    return StorageSpace.of(folder.root());
  }

  /** Its volumes, but for damaged ones. */
  public List<Volume> scan() {
    return beside(() -> {
      List<Volume> found = new ArrayList<>();
      for (UUID vdi : folder.volumes()) {
        try {
          found.add(volumes.describe(vdi));
        } catch (DriverException e) {
          // Destroyed meanwhile, or damaged: the others are listed all the same.
          if (e.reason() != Reason.NOT_FOUND) {
            LOG.warn("volume {} in {}: {}", vdi, folder.root(), e.getMessage());
          }
        }
      }
      return found;
    });
  }

  /** A volume as it is now. Raises NOT_FOUND, CORRUPT. */
  public Volume describe(UUID vdi) {
    return family(vdi, chain -> volumes.describe(vdi, chain));
  }

  /** The image that a volume is now. */
  public DiskSource open(UUID vdi) {
    return family(vdi, chain -> volumes.source(chain.top().image()));
  }

  /** Where a volume's memory image is. Raises UNSUPPORTED where only QEMU reaches the files. */
  public Path memory(UUID vdi) {
    if (!folder.isMounted()) {
      throw new DriverException(
          Reason.UNSUPPORTED, folder.root() + " is not mounted, so no memory image can be there");
    }
    return family(vdi, chain -> folder.memory(chain.top().image()));
  }

  /**
   * What a volume holds apart from what another rests on too. Images below the one that is opened
   * may only be merged meanwhile, which leaves those that are not shared at least as far up.
   */
  public VolumeBytes openBeside(UUID vdi, UUID other) {
    Chain chain = family(vdi, Function.identity());
    Chain beside = family(other, Function.identity());
    DiskSource source = volumes.source(chain.top().image());
    int own = chain.above(beside);
    return own == chain.links().size()
        ? NbdVolume.open(source, true)
        : NbdVolume.openHeld(source, own);
  }

  /** What the volume rests on. An image below others is written by nobody but a merge. */
  public Optional<Below> below(UUID vdi) {
    return family(
        vdi,
        chain -> {
          List<Chain.Link> under = chain.links().subList(1, chain.links().size());
          return under.stream()
              .findFirst()
              .map(top ->
                  new Below(
                      volumes.source(top.image()),
                      top.header().virtualSize(),
                      under.stream().map(link -> folder.state(link.image())).toList().toString()));
        });
  }

  /** Makes an empty volume of so many bytes. Raises ALREADY_EXISTS, NO_SPACE. */
  public Volume create(UUID vdi, long size) {
    return beside(() -> fill(vdi, size, image -> {}));
  }

  /** Makes a volume that holds what a source holds, and shares nothing with it. */
  public Volume copy(DiskSource from, UUID copy, Progress progress) {
    return beside(() ->
        fill(
            copy,
            VirtualSize.round(QemuImg.virtualSize(from)),
            image -> QemuImg.copy(from, image, progress)));
  }

  private Volume fill(UUID vdi, long size, Consumer<Path> content) {
    volumes.refuseExisting(vdi);
    return volumes.add(
        vdi,
        image -> {
          QemuImg.create(image, size);
          content.accept(image);
        });
  }

  /** Gives a volume so many bytes. Raises INVALID when it has more. */
  public Volume resize(UUID vdi, long size) {
    return family(
        vdi,
        chain -> {
          String image = chain.top().image();
          long now = chain.top().header().virtualSize();
          if (size < now) {
            throw new DriverException(
                Reason.INVALID, "volume " + vdi + " has " + now + " bytes and cannot shrink");
          }
          if (size > now) {
            QemuImg.resize(folder.image(image), size);
          }
          return volumes.describe(vdi);
        });
  }

  /** Removes a volume, and the images that nobody needs without it. */
  public void destroy(UUID vdi) {
    boolean _ =
        beside(() -> {
          try {
            return families.run(
                () -> volumes.chain(vdi),
                chain -> {
                  folder.unkeep(vdi);
                  folder.unlink(vdi);
                  Kinship.prune(folder, chain);
                  return true;
                });
          } catch (DriverException e) {
            if (e.reason() != Reason.CORRUPT) {
              throw e;
            }
            // What it rested on is unknown, so its images wait for the next sweep.
            folder.unlink(vdi);
            return true;
          }
        });
  }

  /** Makes a volume that holds what another holds; see {@link io.keelson.host.Storage#fork}. */
  public Fork fork(UUID vdi, UUID copy, boolean live) {
    return family(vdi, chain -> forks.make(vdi, copy, chain, live));
  }

  /** Removes the copy, and has the volume go on as if it had not been forked. */
  public void undoFork(UUID vdi, UUID copy) {
    if (folder.holds(copy)) {
      destroy(copy);
    }
    change(vdi, chain -> forks.undo(vdi, chain));
  }

  /** Puts the volume back to what it held when it was first put back. */
  public Volume reset(UUID vdi) {
    return family(
        vdi,
        chain -> {
          if (folder.kept(vdi).isEmpty()) {
            folder.keep(vdi);
          }
          String kept = folder.kept(vdi).orElseThrow();
          String _ = volumes.overlay(vdi, kept, chain.top().header().virtualSize());
          if (!chain.top().image().equals(kept)) {
            Kinship.prune(folder, chain);
          }
          return volumes.describe(vdi);
        });
  }

  /** Has the volume keep what it holds now. */
  public void persist(UUID vdi) {
    change(vdi, _ -> folder.unkeep(vdi));
  }

  /**
   * Gives the volume what the source holds, at once when all of it is there. Only what differs from
   * before takes up space.
   */
  public Volume replace(UUID vdi, DiskSource from, Progress progress) {
    Chain before = family(vdi, Function.identity());
    long size = before.top().header().virtualSize();
    return beside(() ->
        volumes.attempt(
            vdi,
            image -> {
              QemuImg.overlay(folder.image(image), from, size);
              QemuImg.rebaseContents(
                  folder.image(image), folder.backing(before.top().image()), progress);
              return family(vdi, now -> exchange(vdi, before, now, image));
            }));
  }

  private Volume exchange(UUID vdi, Chain before, Chain now, String image) {
    if (!now.top().image().equals(before.top().image())) {
      throw new DriverException(Reason.WRONG_STATE, "volume " + vdi + " was changed meanwhile");
    }
    folder.relink(vdi, image);
    folder.unkeep(vdi);
    return volumes.describe(vdi);
  }

  /** What rests on what, and what need not. */
  public ChainSurvey survey() {
    // Whether a guest has an image open is told by locks; without them none may be merged.
    return FolderLock.possible(folder.root()) ? beside(() -> Survey.of(folder)) : ChainSurvey.NONE;
  }

  /** Merges an image into the one below it; false when that has become impossible. */
  public boolean merge(ImageMerge merge, Optional<LiveMerge> live, Progress progress) {
    UUID one = merge.volumes().iterator().next();
    return beside(() ->
        families.yielding(
            () -> volumes.chain(one),
            (chain, wanted) ->
                new Merging(folder, volumes, merge)
                    .run(
                        chain,
                        live,
                        progress.endingWhen(
                            () -> wanted.getAsBoolean() || whole.hasQueuedThreads()))));
  }

  /** Waits until nothing is under way. */
  public void rest() {
    alone(() -> {});
  }

  /** Does work on a volume while nobody else works on its family. */
  private <T> T family(UUID vdi, Function<Chain, T> work) {
    return beside(() -> families.run(() -> volumes.chain(vdi), work));
  }

  /** {@link #family}, for what has no result. */
  private void change(UUID vdi, Consumer<Chain> work) {
    boolean _ =
        family(
            vdi,
            chain -> {
              work.accept(chain);
              return true;
            });
  }

  /** Does work on volumes beside other such work. */
  private <T> T beside(Supplier<T> work) {
    Lock lock = whole.readLock();
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Does work while nobody works on any volume. */
  private void alone(Runnable work) {
    Lock lock = whole.writeLock();
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
