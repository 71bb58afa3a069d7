package io.keelson.host;

import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/** How long work tells its caller where it stands, and hears that it should stop. */
public interface Progress {
  /** Work that nobody watches. */
  Progress NONE =
      new Progress() {
        @Override
        public void report(double fraction) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  /**
   * @param fraction of the work done, from 0 to 1
   */
  void report(double fraction);

  /** Whether the caller wants the work undone; the driver then ends with reason CANCELLED. */
  boolean cancelled();

  /**
   * Raises CANCELLED when the caller wants the work undone.
   *
   * @param work as the error calls it, such as "the copy"
   */
  default void stopIfCancelled(String work) {
    if (cancelled()) {
      throw new DriverException(DriverException.Reason.CANCELLED, work + " was cancelled");
    }
  }

  /**
   * One of several equal parts of the work.
   *
   * @param index of the part, from 0
   */
  default Progress part(int index, int count) {
    return of(fraction -> report((index + fraction) / count), this::cancelled);
  }

  /** The same work, which is to end also when something else asks for it. */
  default Progress endingWhen(BooleanSupplier asked) {
    return of(this::report, () -> cancelled() || asked.getAsBoolean());
  }

  private static Progress of(DoubleConsumer report, BooleanSupplier cancelled) {
    return new Progress() {
      @Override
      public void report(double fraction) {
        report.accept(fraction);
      }

      @Override
      public boolean cancelled() {
        return cancelled.getAsBoolean();
      }
    };
  }
}
