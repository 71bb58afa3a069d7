package io.keelson.cli.client;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A bar that tells how far something long is, how fast it goes and how long it will take; seen only
 * by a person at a terminal.
 */
final class Progress implements AutoCloseable {
  private static final int BAR = 30;
  private static final long PAUSE = 200_000_000;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final Screen screen;
  private final Optional<Long> length;
  private final long begin = System.nanoTime();
  private long done;
  private long shown = begin;
  private boolean visible;

  private Progress(Screen screen, Optional<Long> length) {
    this.screen = screen;
    this.length = length;
  }

  /**
   * Of bytes that go from here to there.
   *
   * @param length how many there are, where that is known
   */
  static Progress ofBytes(Screen screen, Optional<Long> length) {
    return new Progress(screen, length);
  }

  /** Of work at the server, which says itself how far it is. */
  static Progress ofWork(Screen screen) {
    return new Progress(screen, Optional.empty());
  }

  /** So many bytes more have gone. */
  void add(int bytes) throws IOException {
    done += bytes;
    long now = System.nanoTime();
    if (screen.told() && now - shown > PAUSE) {
      shown = now;
      bytes(seconds(now));
    }
  }

  /**
   * Work is so far.
   *
   * @param fraction from 0 to 1
   */
  void at(double fraction) throws IOException {
    if (screen.told()) {
      draw(OptionalDouble.of(fraction), "", left(fraction, seconds(System.nanoTime())));
    }
  }

  private void bytes(double seconds) throws IOException {
    String rate = size(seconds > 0 ? done / seconds : 0) + "/s";
    OptionalDouble fraction =
        length.isPresent() && length.get() > 0
            ? OptionalDouble.of(Math.min(1, (double) done / length.get()))
            : OptionalDouble.empty();
    String left = fraction.isPresent() ? left(fraction.getAsDouble(), seconds) : "";
    draw(fraction, size((double) done) + "  " + rate + "  ", left);
  }

  private void draw(OptionalDouble fraction, String amount, String left) throws IOException {
    String bar = "";
    if (fraction.isPresent()) {
      int full = (int) (fraction.getAsDouble() * BAR);
      bar =
          "[%s%s] %3d%%  "
              .formatted(
                  "#".repeat(full), ".".repeat(BAR - full), (int) (fraction.getAsDouble() * 100));
    }
    visible = true;
    screen.note("\r\033[K" + bar + amount + left);
  }

  private static String left(double fraction, double seconds) {
    if (fraction <= 0 || fraction >= 1) {
      return "";
    }
    long left = Math.round(seconds * (1 - fraction) / fraction);
    return left >= 3600
        ? "%d:%02d:%02d left".formatted(left / 3600, left / 60 % 60, left % 60)
        : "%d:%02d left".formatted(left / 60, left % 60);
  }

  private static String size(double bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < UNITS.length - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS[unit]);
  }

  private double seconds(long now) {
    return (now - begin) / 1e9;
  }

  /** Takes the bar away: what was printed before it, and comes after, stays. */
  @Override
  public void close() throws IOException {
    if (visible) {
      visible = false;
      screen.note("\r\033[K");
    }
  }
}
