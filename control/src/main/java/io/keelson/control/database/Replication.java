package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.control.Threads;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.host.DriverException;
import io.keelson.store.EventFeed.Batch;
import io.keelson.store.EventToken;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copies of the database on the pool's metadata_VDIs up to date. A change is there about
 * a second later; while changes go on, a tenth of the time at most is spent copying.
 */
final class Replication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

  /** For what comes together to be copied together. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration CALM = Duration.ofMinutes(5);

  private final Resources resources;
  private final MetadataDisks disks;
  private final Path folder;
  private final ReentrantLock copying = new ReentrantLock();
  private final Thread thread;
  private volatile boolean closing;

  /** From where on changes are not known yet; of the thread alone, as is what follows. */
  private EventToken since;

  /** Up to which generation all is copied. */
  private long copied;

  /**
   * @param folder for the copy that is being made
   */
  Replication(Resources resources, MetadataDisks disks, Path folder) {
    this.resources = resources;
    this.disks = disks;
    this.folder = folder;
    this.since = resources.store().events().now();
    this.thread = Thread.ofVirtual().name("replication").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /** Has a disk hold the database as it is now, and from now on. */
  void begin(Ref<Vdi> vdi) {
    copying.lock();
    try {
      Snapshot state = resources.store().snapshot();
      write(state, vdi, file(state));
      resources
          .store()
          .change(tx -> {
            Ref<Pool> pool = OnlyPool.row(tx).ref();
            tx.update(ApiModel.POOL, pool, p -> p.with(b -> b.metadataVdis(plus(p, vdi))));
            tx.update(ApiModel.VDI, vdi, v -> v.with(b -> b.metadataLatest(true)));
          });
    } catch (IOException e) {
      throw ApiErrors.internalError(List.of(String.valueOf(e.getMessage())));
    } finally {
      copying.unlock();
    }
  }

  /** Leaves a disk alone from now on. */
  void end(Ref<Vdi> vdi) {
    copying.lock();
    try {
      resources
          .store()
          .change(tx -> {
            Ref<Pool> pool = OnlyPool.row(tx).ref();
            tx.update(ApiModel.POOL, pool, p -> p.with(b -> b.metadataVdis(minus(p, vdi))));
          });
    } finally {
      copying.unlock();
    }
  }

  private static Set<Ref<Vdi>> plus(Pool pool, Ref<Vdi> vdi) {
    Set<Ref<Vdi>> all = new HashSet<>(pool.metadataVdis());
    all.add(vdi);
    return Set.copyOf(all);
  }

  private static Set<Ref<Vdi>> minus(Pool pool, Ref<Vdi> vdi) {
    Set<Ref<Vdi>> all = new HashSet<>(pool.metadataVdis());
    all.remove(vdi);
    return Set.copyOf(all);
  }

  private void work() {
    boolean due = true; // nobody knows what the last run left
    while (!closing) {
      Duration pause = SETTLING;
      if (due) {
        since = resources.store().events().now();
        copied = resources.store().snapshot().generation();
        long start = System.nanoTime();
        due = !pass();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        pause = due ? AFTER_FAILURE : max(SETTLING, took.multipliedBy(10));
      }
      due |= changed(due ? pause : CALM);
      pause(pause);
    }
    if (due || resources.store().snapshot().generation() > copied) {
      boolean _ = pass();
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Waits for a change that copies have to show; what changes by itself does not count. */
  private boolean changed(Duration longest) {
    Store store = resources.store();
    try {
      Batch batch =
          store
              .events()
              .await(id -> DatabaseFile.has(id.apiClass()), since, longest, () -> closing);
      since = batch.token();
      return batch.changes().stream()
          .anyMatch(c -> c.row().map(row -> row.modified() > copied).orElse(true));
    } catch (ApiError lost) {
      LOG.debug("too much has changed to be told one by one: {}", lost.getMessage());
      return true;
    }
  }

  private void pause(Duration time) {
    Store store = resources.store();
    Batch _ = store.events().await(_ -> false, store.events().now(), time, () -> closing);
  }

  /** Brings all copies up to date, and says whether they are. */
  private boolean pass() {
    copying.lock();
    try {
      Snapshot state = resources.store().snapshot();
      Set<Ref<Vdi>> all = OnlyPool.row(state).record().metadataVdis();
      if (all.isEmpty()) {
        return true;
      }
      Path file = file(state);
      boolean whole = true;
      for (Ref<Vdi> vdi : all) {
        whole &= tried(state, vdi, file);
      }
      Files.delete(file);
      return whole;
    } catch (ApiError | IOException e) {
      LOG.warn("copies of the database are out of date; it is tried again: {}", e.getMessage());
      return false;
    } finally {
      copying.unlock();
    }
  }

  private boolean tried(Snapshot state, Ref<Vdi> vdi, Path file) {
    try {
      write(state, vdi, file);
      return true;
    } catch (ApiError | DriverException e) {
      LOG.warn("the database's copy on {} is out of date: {}", vdi, e.getMessage());
      return false;
    }
  }

  private Path file(Snapshot state) throws IOException {
    Path file = Files.createDirectories(folder).resolve("copy");
    DatabaseFile.write(state, file);
    return file;
  }

  private void write(Snapshot state, Ref<Vdi> vdi, Path file) {
    UUID pool = UUID.fromString(OnlyPool.row(state).record().uuid());
    try {
      disks.write(state, vdi, pool, resources.clock().instant(), file);
    } catch (UncheckedIOException e) {
      throw ApiErrors.internalError(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** Copies what is not copied yet. */
  @Override
  public void close() {
    closing = true;
    resources.store().events().wakeAll();
    Threads.awaitEnd(thread);
  }
}
