package io.keelson.control.pool.ha;

import io.keelson.api.model.Pool;
import io.keelson.control.Resources;
import io.keelson.control.rules.OnlyPool;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has HA's parts work again and again while HA is on. */
final class HaWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HaWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Resources resources;
  private final Heartbeat heartbeat;
  private final Restarts restarts;
  private final PlanKeeping plans;
  private final Thread thread;
  private volatile Optional<Thread> restarting = Optional.empty();
  private volatile boolean closing;
  private volatile boolean atWork;

  HaWatch(Resources resources, Heartbeat heartbeat, Restarts restarts, PlanKeeping plans) {
    this.resources = resources;
    this.heartbeat = heartbeat;
    this.restarts = restarts;
    this.plans = plans;
    this.thread = Thread.ofVirtual().name("ha").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        tryOnce();
        Thread.sleep(PERIOD);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryOnce() {
    try {
      Optional<Pool> pool = OnlyPool.find(resources.store().snapshot()).filter(Pool::haEnabled);
      if (pool.isEmpty()) {
        heartbeat.end();
        atWork = false;
        return;
      }
      atWork = true;
      heartbeat.beat(pool.get());
      if (heartbeat.isArmed()) {
        plans.update();
        if (restarting.filter(Thread::isAlive).isEmpty()) {
          restarting = Optional.of(Thread.ofVirtual().name("ha-restarts").start(this::restart));
        }
      }
    } catch (RuntimeException e) {
      LOG.error("HA stumbled; it goes on", e);
    }
  }

  private void restart() {
    try {
      restarts.pass();
    } catch (RuntimeException e) {
      LOG.error("VMs were not restarted; it is tried again", e);
    }
  }

  /** Returns once the statefiles of an HA that is off are let go of. */
  void awaitRest() {
    long until = System.nanoTime() + 10 * PERIOD.toNanos();
    try {
      while (atWork && thread.isAlive() && System.nanoTime() < until) {
        Thread.sleep(PERIOD.dividedBy(10));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** No VM is started from now on; the leases are given back. */
  @Override
  public void close() {
    closing = true;
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    thread.interrupt();
    restarting.ifPresent(Thread::interrupt);
    try {
      boolean _ = thread.join(Duration.ofSeconds(10));
      heartbeat.end();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
