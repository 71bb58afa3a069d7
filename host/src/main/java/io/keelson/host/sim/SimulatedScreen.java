package io.keelson.host.sim;

import io.keelson.host.Picture;

/**
 * What a simulated screen shows: squares in the machine's own colour, bright while it runs, and the
 * number of its run in binary along the top.
 */
final class SimulatedScreen {
  private static final int WIDTH = 128;
  private static final int HEIGHT = 96;
  private static final int SQUARE = 8;
  private static final int WHITE = 0xFFFFFF;

  private SimulatedScreen() {}

  static Picture of(SimulatedDomain domain) {
    int own = domain.spec().vm().hashCode() | 0x404040;
    int shown =
        switch (domain.run()) {
          case RUNNING -> own;
          case PAUSED, HELD -> own >> 1 & 0x7F7F7F;
        };
    return Picture.of(
        WIDTH,
        HEIGHT,
        (column, row) -> {
          int square = column / SQUARE;
          if (row < SQUARE) {
            return (domain.domid() >> square & 1) == 1 ? WHITE : 0;
          }
          return (square + row / SQUARE) % 2 == 0 ? shown : 0;
        });
  }
}
