package io.keelson.host.nbd;

import java.util.function.IntPredicate;

/**
 * What a server tells of the stretches of an image, and which of them count.
 *
 * @param name of the metadata context, as the protocol has it
 * @param counts by the number that the context gives a stretch
 */
record BlockContext(String name, IntPredicate counts) {
  private static final int ZERO = 2;

  /** Stretches that are not known to read as zeroes. */
  static final BlockContext DATA =
      new BlockContext("base:allocation", flags -> (flags & ZERO) == 0);

  /**
   * Stretches that the uppermost images of a chain hold, zeroes included; QEMU numbers a chain's
   * images from 1 at the top, and says 0 of what none holds.
   */
  static BlockContext heldBy(int uppermost) {
    return new BlockContext("qemu:allocation-depth", at -> at > 0 && at <= uppermost);
  }
}
