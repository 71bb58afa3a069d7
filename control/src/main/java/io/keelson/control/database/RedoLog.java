package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.control.Threads;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.RedoDisks;
import io.keelson.host.DriverException;
import io.keelson.image.database.RedoDisk;
import io.keelson.store.EventFeed.Batch;
import io.keelson.store.EventFeed.Change;
import io.keelson.store.EventToken;
import io.keelson.store.ObjectId;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every change of the database to a VDI before a caller hears that it is done. One thread
 * writes; callers ({@link LoggedStore}) wait for it ({@link RedoStanding}). A VDI that fails holds
 * up nobody for longer than {@link #PATIENCE}: the pool goes on without, says so in an alert, and
 * tries again.
 */
public final class RedoLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedoLog.class);

  /** How long a caller waits for the VDI before it is taken for broken. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration CALM = Duration.ofMinutes(5);

  private final Resources resources;
  private final Store store;
  private final RedoDisks disks;
  private final Path folder;
  private final RedoAlerts alerts;
  private final RedoStanding standing = new RedoStanding();
  private final Thread thread;
  private volatile boolean closing;
  private Optional<Opened> opened = Optional.empty();

  /** What the thread writes to; of the thread alone. */
  private static final class Opened {
    final Ref<Vdi> vdi;
    final RedoDisks.Open disk;
    final RedoDisk.Log log;
    EventToken since;
    long copied;

    Opened(Ref<Vdi> vdi, RedoDisks.Open disk, RedoDisk.Log log, EventToken since, long copied) {
      this.vdi = vdi;
      this.disk = disk;
      this.log = log;
      this.since = since;
      this.copied = copied;
    }
  }

  /**
   * @param resources whose store waits for no redo log
   * @param folder for the base that is being made
   */
  public RedoLog(Resources resources, Path folder) {
    this.resources = resources;
    this.store = resources.store();
    this.disks = new RedoDisks(resources);
    this.folder = folder;
    this.alerts = new RedoAlerts(store, resources.clock());
    this.thread = Thread.ofVirtual().name("redo-log").unstarted(this::work);
  }

  /** Begins; from now on callers wait, if the pool has such a VDI. */
  public void start() {
    wanted(store.snapshot()).ifPresent(standing::beginning);
    thread.start();
  }

  /** The VDI that changes go to now: HA's own while it is on. */
  static Optional<Ref<Vdi>> wanted(Snapshot state) {
    return OnlyPool.find(state)
        .flatMap(pool ->
            pool.haEnabled()
                ? RedoDisks.ofHa(state)
                : Optional.of(pool.redoLogVdi()).filter(_ -> pool.redoLogEnabled()))
        .filter(vdi -> state.find(ApiModel.VDI, vdi).isPresent());
  }

  /** Returns when the change of that generation and all before it are there, or cannot be. */
  void awaitWritten(long generation) {
    if (!standing.awaitWritten(generation, PATIENCE)) {
      Thread _ = Thread.ofVirtual().name("redo-log-alert").start(this::tellSilent);
    }
  }

  /** Returns once the VDI is let go of, which the pool's record no longer names, or in use. */
  public void awaitSettled() {
    standing.awaitSettled(
        () -> wanted(store.snapshot()).orElse(Ref.none()), thread::isAlive, PATIENCE);
  }

  /**
   * Writes the database to a VDI once, to see that it takes it.
   *
   * @throws ApiError CANNOT_ENABLE_REDO_LOG
   */
  public void rehearse(Ref<Vdi> vdi) {
    Snapshot state = store.snapshot();
    try (RedoDisks.Open disk = disks.open(state, vdi)) {
      Path file = base(state, "rehearsal");
      RedoDisk.Log _ = disk.begin(poolId(state), resources.clock().instant(), file);
      Files.delete(file);
    } catch (ApiError | DriverException | IOException | UncheckedIOException failure) {
      throw ApiErrors.cannotEnableRedoLog(String.valueOf(failure.getMessage()));
    }
  }

  private void work() {
    while (!closing) {
      Optional<Ref<Vdi>> vdi = wanted(store.snapshot());
      try {
        if (vdi.isEmpty()) {
          letGo();
          standing.off();
          pause(CALM);
        } else if (opened.isEmpty() || !opened.get().vdi.equals(vdi.get()) || standing.isBroken()) {
          begin(vdi.get());
        } else {
          follow(opened.get(), CALM);
        }
      } catch (ApiError | DriverException | IOException | UncheckedIOException failure) {
        broken(vdi.orElse(Ref.none()), failure);
        pause(AFTER_FAILURE);
      }
    }
    end();
  }

  /** Waits for a change of the pool's record. */
  private void pause(Duration longest) {
    EventToken now = store.events().now();
    Optional<Ref<Vdi>> vdi = wanted(store.snapshot());
    if (!closing && vdi.orElse(Ref.none()).equals(standing.target())) {
      Batch _ =
          store.events().await(id -> id.apiClass() == ApiModel.POOL, now, longest, () -> closing);
    }
  }

  private void begin(Ref<Vdi> vdi) throws IOException {
    letGo();
    EventToken since = store.events().now();
    Snapshot state = store.snapshot();
    Path file = base(state, "base");
    RedoDisks.Open disk = disks.open(state, vdi);
    try {
      RedoDisk.Log log = disk.begin(poolId(state), resources.clock().instant(), file);
      opened = Optional.of(new Opened(vdi, disk, log, since, state.generation()));
    } catch (IOException | RuntimeException failure) {
      disk.close();
      throw failure;
    }
    Files.delete(file);
    LOG.info("changes of the database go to {}", vdi);
    standing.working(vdi, state.generation());
    alerts.healthy();
  }

  private Path base(Snapshot state, String name) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name);
    DatabaseFile.write(state, file);
    return file;
  }

  private static UUID poolId(Snapshot state) {
    return UUID.fromString(OnlyPool.row(state).record().uuid());
  }

  /** Waits for changes and adds them. */
  private void follow(Opened to, Duration longest) throws IOException {
    Batch batch;
    try {
      batch =
          store.events().await(_ -> true, to.since, longest, () -> closing || standing.isBroken());
    } catch (ApiError lost) {
      if (lost.code() != ErrorCode.EVENTS_LOST) {
        throw lost;
      }
      begin(to.vdi);
      return;
    }
    List<ObjectId<?>> changed =
        batch.changes().stream()
            .filter(change -> isNew(change, to.copied))
            .<ObjectId<?>>map(RedoLog::id)
            .toList();
    if (!changed.isEmpty() && !to.log.append(DatabaseFile.difference(batch.snapshot(), changed))) {
      begin(to.vdi);
      return;
    }
    to.since = batch.token();
    to.copied = batch.snapshot().generation();
    standing.written(to.copied);
  }

  /** What changes by itself is not copied. */
  private static boolean isNew(Change<?> change, long copied) {
    return DatabaseFile.has(change.apiClass())
        && change.row().map(row -> row.modified() > copied).orElse(true);
  }

  private static ObjectId<?> id(Change<?> change) {
    return of(change);
  }

  private static <R extends ApiRecord> ObjectId<R> of(Change<R> change) {
    return new ObjectId<>(change.apiClass(), change.ref());
  }

  private void broken(Ref<Vdi> vdi, Exception failure) {
    LOG.warn(
        "the redo log cannot be written; changes are made without it: {}", failure.getMessage());
    try {
      letGo();
    } catch (DriverException e) {
      LOG.debug("the redo log was not closed", e);
    }
    standing.broken(vdi);
    alerts.broken("The redo log cannot be written: " + failure.getMessage());
  }

  private void tellSilent() {
    LOG.warn("the redo log does not answer; changes are made without it");
    store.events().wakeAll();
    alerts.broken("The redo log does not answer");
  }

  private void letGo() {
    Optional<Opened> last = opened;
    opened = Optional.empty();
    last.ifPresent(o -> o.disk.close());
  }

  /** Adds what is not there yet. */
  private void end() {
    try {
      if (opened.isPresent()) {
        follow(opened.get(), Duration.ZERO);
      }
      letGo();
    } catch (ApiError | DriverException | IOException | UncheckedIOException e) {
      LOG.warn("the last changes are not in the redo log", e);
    }
    standing.off();
  }

  @Override
  public void close() {
    closing = true;
    store.events().wakeAll();
    Threads.awaitEnd(thread);
  }
}
