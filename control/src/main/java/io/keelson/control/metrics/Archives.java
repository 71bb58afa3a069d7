package io.keelson.control.metrics;

import io.keelson.control.metrics.rrd.Resolution;
import io.keelson.control.metrics.rrd.Rrd;
import io.keelson.control.metrics.rrd.RrdFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The round-robin archives of all objects: those that are fed are in memory, all are in files, one
 * an object.
 *
 * <p>A file is written whole beside the old one and takes its place in one step, so that a crash
 * leaves one or the other. A new archive is written at once, the others in turn, each every few
 * minutes: so much of the finest rows is what a crash can cost.
 */
final class Archives {
  private static final Logger LOG = LoggerFactory.getLogger(Archives.class);
  private static final long SAVE_AFTER_NANOS = 300_000_000_000L;
  private static final int MOST_SAVES = 50;
  private static final String SUFFIX = ".rrd";
  private static final String UNFINISHED = ".new";
  private static final String DAMAGED = ".damaged";

  private final Path folder;
  private final Map<Owner, Kept> open = new ConcurrentHashMap<>();

  private record Kept(Rrd rrd, Optional<Long> savedNanos) {}

  Archives(Path folder) {
    this.folder = folder;
  }

  /** Those that are fed. */
  Map<Owner, Rrd> open() {
    Map<Owner, Rrd> all = new ConcurrentHashMap<>();
    open.forEach((owner, kept) -> all.put(owner, kept.rrd()));
    return all;
  }

  /**
   * The object's archive, to be fed: its own of before, or a new one.
   *
   * @param resolutions of a new one
   */
  synchronized Rrd open(Owner owner, List<Resolution> resolutions) {
    Kept known = open.get(owner);
    if (known != null) {
      return known.rrd();
    }
    Optional<Rrd> stored = load(owner);
    Kept kept =
        new Kept(stored.orElseGet(() -> new Rrd(resolutions)), stored.map(_ -> System.nanoTime()));
    open.put(owner, kept);
    return kept.rrd();
  }

  /** The object's archive, to be looked at. */
  synchronized Optional<Rrd> find(Owner owner) {
    return Optional.ofNullable(open.get(owner)).map(Kept::rrd).or(() -> load(owner));
  }

  /** Writes an archive now. */
  synchronized void save(Owner owner) throws IOException {
    Kept kept = open.get(owner);
    if (kept != null) {
      write(owner, kept.rrd());
      open.put(owner, new Kept(kept.rrd(), Optional.of(System.nanoTime())));
    }
  }

  /** Writes some of those whose turn it is. */
  void saveSome() {
    long now = System.nanoTime();
    open.entrySet().stream()
        .filter(e -> due(e.getValue(), now))
        .sorted(Comparator.comparing(e -> e.getValue().savedNanos().orElse(Long.MIN_VALUE)))
        .limit(MOST_SAVES)
        .map(Map.Entry::getKey)
        .forEach(this::trySave);
  }

  private static boolean due(Kept kept, long now) {
    return kept.savedNanos().filter(saved -> now - saved < SAVE_AFTER_NANOS).isEmpty();
  }

  /** Writes all. */
  void saveAll() {
    open.keySet().forEach(this::trySave);
  }

  /** Writes those that are fed no more, and lets go of them. */
  void closeUnless(Predicate<Owner> fed) {
    for (Owner owner : List.copyOf(open.keySet())) {
      if (!fed.test(owner)) {
        synchronized (this) {
          trySave(owner);
          open.remove(owner);
        }
      }
    }
  }

  /** All that have a file. */
  List<Owner> stored() {
    return Stream.of(Owner.Kind.values())
        .flatMap(kind -> files(kind).stream().flatMap(file -> owner(kind, file).stream()))
        .distinct()
        .toList();
  }

  /** Removes the archive of an object that is gone. */
  synchronized void remove(Owner owner) {
    open.remove(owner);
    Path file = file(owner);
    for (String suffix : List.of("", UNFINISHED, DAMAGED)) {
      try {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
      } catch (IOException e) {
        LOG.warn("the statistics of {} cannot be removed: {}", owner, e.toString());
      }
    }
  }

  private void trySave(Owner owner) {
    try {
      save(owner);
    } catch (IOException e) {
      LOG.warn("the statistics of {} cannot be kept: {}", owner, e.toString());
    }
  }

  private void write(Owner owner, Rrd rrd) throws IOException {
    rrd.prune();
    Path file = file(owner);
    Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.createDirectories(file.getParent());
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(rrd.bytes());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A damaged file is put aside for whoever wants to look, and the object begins anew. */
  private Optional<Rrd> load(Owner owner) {
    Path file = file(owner);
    try {
      return Optional.of(RrdFile.read(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("the statistics of {} cannot be read: {}", owner, e.toString());
      try {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + DAMAGED),
            StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException again) {
        LOG.warn("nor moved: {}", again.toString());
      }
      return Optional.empty();
    }
  }

  private Path file(Owner owner) {
    return folder.resolve(owner.kind().text()).resolve(owner.uuid() + SUFFIX);
  }

  private List<Path> files(Owner.Kind kind) {
    try (Stream<Path> files = Files.list(folder.resolve(kind.text()))) {
      return files.toList();
    } catch (IOException e) {
      return List.of(); // nothing was kept yet
    }
  }

  private static Optional<Owner> owner(Owner.Kind kind, Path file) {
    String name = file.getFileName().toString();
    String uuid = name.substring(0, Math.max(0, name.indexOf(SUFFIX)));
    try {
      return Optional.of(new Owner(kind, UUID.fromString(uuid)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
