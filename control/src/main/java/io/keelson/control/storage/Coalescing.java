package io.keelson.control.storage;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.control.Resources;
import io.keelson.control.Threads;
import io.keelson.control.task.Tasks;
import io.keelson.host.DriverException;
import io.keelson.store.EventToken;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps chains of images short: whenever disks have changed, and from time to time, images that
 * only one other needs become part of it. What is done for a repository is a task that can be
 * watched and cancelled; a cancelled one is not taken up again for a while.
 */
public final class Coalescing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coalescing.class);

  /** Between looks when nothing happens. */
  private static final Duration CALM = Duration.ofMinutes(1);

  /** Between looks when something could not be merged yet. */
  private static final Duration EAGER = Duration.ofSeconds(2);

  /** How long disks may go on changing before a look. */
  private static final Duration SETTLING = Duration.ofMillis(300);

  private static final Duration AFTER_CANCEL = Duration.ofMinutes(10);

  /** After a round in which somebody else had all images open or wanted them. */
  private static final Duration AFTER_NOTHING = Duration.ofSeconds(30);

  private static final Set<ApiClass<?>> DISKS = Set.of(ApiModel.VDI, ApiModel.VBD);

  private final Resources resources;
  private final StorageDrivers drivers;
  private final Tasks tasks;
  private final Map<Ref<Sr>, Instant> leftAlone = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closing;

  public Coalescing(Resources resources, Tasks tasks) {
    this.resources = resources;
    this.drivers = new StorageDrivers(resources.drivers().storages());
    this.tasks = tasks;
    this.thread = Thread.ofVirtual().name("coalescing").unstarted(this::work);
  }

  public void start() {
    thread.start();
  }

  private void work() {
    while (!closing) {
      EventToken before = resources.store().events().now();
      boolean left = false;
      try {
        left = pass();
      } catch (RuntimeException e) {
        LOG.error("chains could not be looked at; it is tried again", e);
      }
      await(DISKS::contains, before, left ? EAGER : CALM);
      await(_ -> false, resources.store().events().now(), SETTLING);
    }
  }

  private void await(Predicate<ApiClass<?>> which, EventToken after, Duration longest) {
    if (closing) {
      return;
    }
    try {
      resources
          .store()
          .events()
          .await(id -> which.test(id.apiClass()), after, longest, () -> closing);
    } catch (ApiError lost) {
      LOG.debug("too much has changed to be told one by one: {}", lost.getMessage());
    }
  }

  /**
   * Looks at every repository once.
   *
   * @return whether something is left that could be merged later
   */
  boolean pass() {
    Snapshot state = resources.store().snapshot();
    boolean left = false;
    for (Row<Sr> row : state.rows(ApiModel.SR).toList()) {
      if (!closing && !SrAccess.hosts(state, row.ref()).isEmpty()) {
        try {
          left |= repository(SrAccess.anywhere(state, row.ref()));
        } catch (ApiError | DriverException e) {
          LOG.warn("the chains of {} cannot be looked at: {}", row.ref(), e.getMessage());
        }
      }
    }
    return left;
  }

  private boolean repository(SrAccess at) {
    CoalesceRepository work = new CoalesceRepository(resources, drivers, at, () -> closing);
    if (!work.look() || isLeftAlone(at.ref())) {
      return false;
    }
    boolean finished =
        tasks.own(CoalesceRepository.LABEL, "Garbage collection for SR " + at.sr(), work::run);
    if (!finished) {
      leaveAlone(at.ref(), AFTER_CANCEL);
    } else if (work.merged() == 0) {
      leaveAlone(at.ref(), AFTER_NOTHING);
    }
    return true;
  }

  private void leaveAlone(Ref<Sr> sr, Duration time) {
    leftAlone.put(sr, resources.clock().instant().plus(time));
  }

  private boolean isLeftAlone(Ref<Sr> sr) {
    Instant until = leftAlone.getOrDefault(sr, Instant.MIN);
    return resources.clock().instant().isBefore(until);
  }

  @Override
  public void close() {
    closing = true;
    resources.store().events().wakeAll();
    Threads.awaitEnd(thread);
  }
}
