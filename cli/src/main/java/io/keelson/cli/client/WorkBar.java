package io.keelson.cli.client;

import java.io.IOException;
import java.util.Optional;

/**
 * Progress that a server prints among its errors, as {@code --progress} asks for: it is redrawn as
 * a bar with the time left for a person, and left out for everybody else.
 */
final class WorkBar {
  private final Screen screen;
  private Optional<Progress> drawn = Optional.empty();
  private boolean ended;

  WorkBar(Screen screen) {
    this.screen = screen;
  }

  /** Takes a text in if it tells progress: a return, a number and a per cent sign, or its end. */
  boolean takes(String text) throws IOException {
    int percent = text.startsWith("\r") ? text.indexOf('%') : -1;
    if (percent > 0) {
      try {
        int number = Integer.parseInt(text.substring(1, percent).strip());
        if (drawn.isEmpty()) {
          drawn = Optional.of(Progress.ofWork(screen));
        }
        drawn.get().at(Math.clamp(number / 100.0, 0, 1));
        ended = false;
        return true;
      } catch (NumberFormatException _) {
        return false;
      }
    }
    boolean last = drawn.isPresent() && !ended && text.equals("\n");
    end();
    return last;
  }

  /** Something else is to be printed. */
  void end() throws IOException {
    if (drawn.isPresent()) {
      drawn.get().close();
      ended = true;
    }
  }
}
