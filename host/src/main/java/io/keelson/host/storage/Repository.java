package io.keelson.host.storage;

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
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
final class Repository {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

  private static final Duration QUIET = Duration.ofHours(1);

  private final Folder folder;
  private final KeptReads reads;
  private final Families families = new Families();

  /** Shared by work on volumes; exclusive to sweep and to delete. */
  private final ReentrantReadWriteLock whole = new ReentrantReadWriteLock();

  Repository(Folder folder) {
    this.folder = folder;
    this.reads = new KeptReads(folder.root());
  }

  /** What is kept here of what is read elsewhere. */
  KeptReads reads() {
    return reads;
  }

  Folder folder() {
    return folder;
  }

  /** Removes images that an interrupted call left; none when a damaged volume may need them. */
  void sweep() {
    sweep(image -> true);
  }

  /** The same where another process may just be making an image, which it writes all the time. */
  void sweepQuiet() {
    sweep(image -> folder.quiet(image, QUIET));
  }

  private void sweep(Predicate<String> left) {
    with(
        whole.writeLock(),
        () -> {
          folder.removeDrafts();
          Optional<Set<String>> used = Kinship.used(folder);
          if (used.isEmpty()) {
            LOG.warn("{} has damaged volumes; nothing is removed from it", folder.root());
            return true;
          }
          for (String image : folder.images()) {
            if (!used.get().contains(image) && left.test(image)) {
              LOG.info("removing {}, left by an interrupted call", folder.image(image));
              folder.removeImage(image);
            }
          }
          return true;
        });
  }

  void delete() {
    with(
        whole.writeLock(),
        () -> {
          reads.clear();
          folder.clear();
          return true;
        });
  }

  StorageSpace space() {
    try {
      FileStore store = Files.getFileStore(folder.root());
      long size = store.getTotalSpace();
      return new StorageSpace(size, Math.max(0, size - store.getUsableSpace()));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot tell the space of " + folder.root(), e);
    }
  }

  List<Volume> scan() {
    return with(
        whole.readLock(),
        () -> {
          List<Volume> volumes = new ArrayList<>();
          for (UUID vdi : folder.volumes()) {
            try {
              volumes.add(volume(vdi, chain(vdi).top()));
            } catch (DriverException e) {
              // Destroyed meanwhile, or damaged: the others are listed all the same.
              if (e.reason() != Reason.NOT_FOUND) {
                LOG.warn("volume {} in {}: {}", vdi, folder.root(), e.getMessage());
              }
            }
          }
          return volumes;
        });
  }

  Volume describe(UUID vdi) {
    return family(vdi, chain -> volume(vdi, chain.top()));
  }

  DiskSource open(UUID vdi) {
    return family(vdi, chain -> source(chain.top().image()));
  }

  /** Where a volume's memory image is. Raises UNSUPPORTED where only QEMU reaches the files. */
  Path memory(UUID vdi) {
    if (!folder.root().getFileSystem().equals(FileSystems.getDefault())) {
      throw new DriverException(
          Reason.UNSUPPORTED, folder.root() + " is not mounted, so no memory image can be there");
    }
    return family(vdi, chain -> folder.memory(chain.top().image()));
  }

  /**
   * What a volume holds apart from what another rests on too. Images below the one that is opened
   * may only be merged meanwhile, which leaves those that are not shared at least as far up.
   */
  VolumeBytes openBeside(UUID vdi, UUID other) {
    Chain chain = family(vdi, Function.identity());
    Chain beside = family(other, Function.identity());
    DiskSource source = source(chain.top().image());
    int own = chain.above(beside);
    return own == chain.links().size()
        ? NbdVolume.open(source, true)
        : NbdVolume.openHeld(source, own);
  }

  /** What the volume rests on. An image below others is written by nobody but a merge. */
  Optional<Below> below(UUID vdi) {
    return family(
        vdi,
        chain -> {
          List<Chain.Link> under = chain.links().subList(1, chain.links().size());
          return under.stream()
              .findFirst()
              .map(top ->
                  new Below(
                      source(top.image()),
                      top.header().virtualSize(),
                      under.stream().map(link -> folder.state(link.image())).toList().toString()));
        });
  }

  Volume create(UUID vdi, long size) {
    return with(whole.readLock(), () -> fill(vdi, size, image -> {}));
  }

  Volume copy(DiskSource from, UUID copy, Progress progress) {
    return with(
        whole.readLock(),
        () ->
            fill(
                copy,
                VirtualSize.round(QemuImg.virtualSize(from)),
                image -> QemuImg.copy(from, image, progress)));
  }

  Volume resize(UUID vdi, long size) {
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
          return volume(vdi, chain(vdi).top());
        });
  }

  void destroy(UUID vdi) {
    with(
        whole.readLock(),
        () -> {
          try {
            return families.run(
                () -> chain(vdi),
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

  Fork fork(UUID vdi, UUID copy, boolean live) {
    return family(
        vdi,
        chain -> {
          refuseExisting(copy);
          Chain.Link top = chain.top();
          Optional<String> below =
              chain.links().size() > 1
                  ? Optional.of(chain.links().get(1).image())
                  : Optional.empty();
          if (!live && below.isPresent() && top.header().empty(folder.image(top.image()))) {
            // Nothing was written since the fork before: a template cloned a thousand times stays
            // as flat as one cloned once.
            return new Fork(
                branch(copy, below.get(), top.header().virtualSize()), source(top.image()));
          }
          return split(vdi, copy, chain);
        });
  }

  /** Puts the volume back to what it held when it was first put back. */
  Volume reset(UUID vdi) {
    return family(
        vdi,
        chain -> {
          if (folder.kept(vdi).isEmpty()) {
            folder.keep(vdi);
          }
          String kept = folder.kept(vdi).orElseThrow();
          String upper = UUID.randomUUID().toString();
          try {
            QemuImg.overlay(
                folder.image(upper), folder.backing(kept), chain.top().header().virtualSize());
            folder.relink(vdi, upper);
          } catch (DriverException e) {
            discard(vdi, upper);
            throw e;
          }
          if (!chain.top().image().equals(kept)) {
            Kinship.prune(folder, chain);
          }
          return volume(vdi, chain(vdi).top());
        });
  }

  /** Has the volume keep what it holds now. */
  void persist(UUID vdi) {
    family(
        vdi,
        chain -> {
          folder.unkeep(vdi);
          return true;
        });
  }

  /**
   * Gives the volume what the source holds, at once when all of it is there. Only what differs from
   * before takes up space.
   */
  Volume replace(UUID vdi, DiskSource from, Progress progress) {
    Chain before = family(vdi, chain -> chain);
    long size = before.top().header().virtualSize();
    String image = UUID.randomUUID().toString();
    return with(
        whole.readLock(),
        () -> {
          try {
            QemuImg.overlay(folder.image(image), from, size);
            QemuImg.rebaseContents(
                folder.image(image), folder.backing(before.top().image()), progress);
            return family(
                vdi,
                now -> {
                  if (!now.top().image().equals(before.top().image())) {
                    throw new DriverException(
                        Reason.WRONG_STATE, "volume " + vdi + " was changed meanwhile");
                  }
                  folder.relink(vdi, image);
                  folder.unkeep(vdi);
                  return volume(vdi, chain(vdi).top());
                });
          } catch (DriverException e) {
            discard(vdi, image);
            throw e;
          }
        });
  }

  ChainSurvey survey() {
    // Whether a guest has an image open is told by locks; without them none may be merged.
    return FolderLock.possible(folder.root())
        ? with(whole.readLock(), () -> Survey.of(folder))
        : ChainSurvey.NONE;
  }

  boolean merge(ImageMerge merge, Optional<LiveMerge> live, Progress progress) {
    UUID one = merge.volumes().iterator().next();
    return with(
        whole.readLock(),
        () ->
            families.yielding(
                () -> chain(one),
                (chain, wanted) ->
                    new Merging(folder, merge)
                        .run(
                            chain,
                            live,
                            progress.endingWhen(
                                () -> wanted.getAsBoolean() || whole.hasQueuedThreads()))));
  }

  /** Waits until nothing is under way. */
  void rest() {
    with(whole.writeLock(), () -> true);
  }

  void undoFork(UUID vdi, UUID copy) {
    if (folder.holds(copy)) {
      destroy(copy);
    }
    family(
        vdi,
        chain -> {
          if (chain.links().size() > 1) {
            Chain.Link top = chain.top();
            Chain.Link below = chain.links().get(1);
            boolean idle =
                below.header().virtualSize() >= top.header().virtualSize()
                    && Kinship.dependents(folder, below.image()) == 1
                    && !QemuImg.inUse(folder.image(top.image()))
                    && top.header().empty(folder.image(top.image()));
            if (idle) {
              folder.relink(vdi, below.image());
              folder.removeImage(top.image());
            }
          }
          return true;
        });
  }

  /** The volume's image becomes the base of two new ones; the volume's link moves first. */
  private Fork split(UUID vdi, UUID copy, Chain chain) {
    if (chain.links().size() >= Chain.DEEPEST) {
      throw new DriverException(
          Reason.WRONG_STATE, "volume " + vdi + " rests on too many snapshots to take one more");
    }
    Chain.Link base = chain.top();
    long size = base.header().virtualSize();
    String upper = UUID.randomUUID().toString();
    try {
      QemuImg.overlay(folder.image(upper), folder.backing(base.image()), size);
      folder.relink(vdi, upper);
    } catch (DriverException e) {
      discard(vdi, upper);
      throw e;
    }
    // Only now may the copy appear: the base is written by nobody any more.
    return new Fork(branch(copy, base.image(), size), source(upper));
  }

  private Volume branch(UUID copy, String base, long size) {
    String image = UUID.randomUUID().toString();
    try {
      QemuImg.overlay(folder.image(image), folder.backing(base), size);
      folder.link(copy, image);
    } catch (DriverException e) {
      discard(copy, image);
      throw e;
    }
    return volume(copy, chain(copy).top());
  }

  private Volume fill(UUID vdi, long size, Consumer<Path> content) {
    refuseExisting(vdi);
    String image = UUID.randomUUID().toString();
    try {
      QemuImg.create(folder.image(image), size);
      content.accept(folder.image(image));
      folder.link(vdi, image);
    } catch (DriverException e) {
      discard(vdi, image);
      throw e;
    }
    return volume(vdi, chain(vdi).top());
  }

  private void refuseExisting(UUID vdi) {
    if (folder.holds(vdi)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "volume " + vdi + " exists");
    }
  }

  /** Removes an image whose volume did not come to be, unless its link was made after all. */
  private void discard(UUID vdi, String image) {
    if (!folder.holds(vdi) || !folder.target(vdi).equals(image)) {
      folder.removeImage(image);
    }
  }

  private Chain chain(UUID vdi) {
    return Chain.from(folder, folder.target(vdi));
  }

  private DiskSource source(String image) {
    return new DiskSource(folder.image(image).toString(), DiskSource.Format.QCOW2);
  }

  private Volume volume(UUID vdi, Chain.Link top) {
    long used;
    try {
      used = Files.size(folder.image(top.image()));
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, "volume " + vdi + " does not exist", e);
    }
    return new Volume(vdi, Folder.location(vdi), "", top.header().virtualSize(), used, false);
  }

  private <T> T family(UUID vdi, Function<Chain, T> work) {
    return with(whole.readLock(), () -> families.run(() -> chain(vdi), work));
  }

  private static <T> T with(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
