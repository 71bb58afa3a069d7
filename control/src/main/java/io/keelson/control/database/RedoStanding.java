package io.keelson.control.database;

import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How far the redo log has come: told by its one writer, waited for by many. */
final class RedoStanding {
  private static final long NOTHING = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private Status status = Status.OFF;
  private Ref<Vdi> target = Ref.none();

  /** Up to which generation all is on the VDI. */
  private long written = NOTHING;

  private enum Status {
    OFF,
    WORKING,
    BROKEN
  }

  /** Nothing is written. */
  void off() {
    set(Status.OFF, Ref.none(), NOTHING);
  }

  /** Callers wait from now on, though nothing is on the VDI yet. */
  void beginning(Ref<Vdi> vdi) {
    set(Status.WORKING, vdi, NOTHING);
  }

  /** All up to a generation is on the VDI. */
  void working(Ref<Vdi> vdi, long generation) {
    set(Status.WORKING, vdi, generation);
  }

  /** Nobody waits from now on. */
  void broken(Ref<Vdi> vdi) {
    set(Status.BROKEN, vdi, NOTHING);
  }

  private void set(Status now, Ref<Vdi> vdi, long generation) {
    lock.lock();
    try {
      status = now;
      target = vdi;
      written = generation;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** More is on the VDI than was before. */
  void written(long generation) {
    lock.lock();
    try {
      written = Math.max(written, generation);
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return status == Status.BROKEN;
    } finally {
      lock.unlock();
    }
  }

  Ref<Vdi> target() {
    lock.lock();
    try {
      return target;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when the change of that generation and all before it are there, or cannot be.
   *
   * @return false for the caller whose patience has ended: the VDI counts as broken from then on
   */
  boolean awaitWritten(long generation, Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (status == Status.WORKING && written < generation) {
        if (left <= 0) {
          status = Status.BROKEN;
          news.signalAll();
          return false;
        }
        left = news.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the change is durable here all the same
    } finally {
      lock.unlock();
    }
    return true;
  }

  /**
   * Returns once the wanted VDI is in use, or none where none is wanted.
   *
   * @param alive whether the writer is there
   */
  void awaitSettled(Supplier<Ref<Vdi>> wanted, BooleanSupplier alive, Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (left > 0
          && alive.getAsBoolean()
          && !(target.equals(wanted.get()) && (status != Status.WORKING || written != NOTHING))) {
        left = news.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
