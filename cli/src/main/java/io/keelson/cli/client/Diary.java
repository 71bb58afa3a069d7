package io.keelson.cli.client;

import java.io.IOException;
import java.util.function.Supplier;

/** What happens, for those who look for faults: told at once, or when the command has failed. */
final class Diary {
  private final Screen screen;
  private final boolean atOnce;
  private final boolean onFailure;
  private final StringBuilder kept = new StringBuilder();

  Diary(Screen screen, boolean atOnce, boolean onFailure) {
    this.screen = screen;
    this.atOnce = atOnce;
    this.onFailure = onFailure;
  }

  /**
   * @param what is asked for its text only when somebody wants to know
   */
  void write(Supplier<String> what) throws IOException {
    if (atOnce) {
      screen.note(what.get() + "\n");
    }
    if (onFailure) {
      kept.append(what.get()).append('\n');
    }
  }

  /** The command has failed. */
  void tell() throws IOException {
    if (onFailure) {
      screen.note("\nDebug info:\n\n" + kept);
    }
  }
}
