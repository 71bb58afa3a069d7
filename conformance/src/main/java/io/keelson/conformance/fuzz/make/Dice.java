package io.keelson.conformance.fuzz.make;

import java.util.List;
import java.util.SplittableRandom;

/** Chance that a seed and a number decide: the same for the same two, on every machine. */
public final class Dice {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;

  public Dice(long seed, long number) {
    this.random = new SplittableRandom(seed * 31 + number * GOLDEN);
  }

  /** From 0 to below the bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Whether something happens that does so once in so many times. */
  public boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  public boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  public long bits() {
    return random.nextLong();
  }

  public <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
