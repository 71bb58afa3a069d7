package io.keelson.host;

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
}
