package io.keelson.control.pool.ha;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Packs things into places with limited room. The search is exact as long as it ends within its
 * number of steps, and says no when it does not.
 */
final class Packing {
  /** Enough for a dozen things that hardly fit; a moment's work. */
  static final int STEPS = 50_000;

  private final long[] sizes;
  private final long[] room;
  private final int[] placeOf;
  private int steps;

  private Packing(long[] sizes, long[] room, int steps) {
    this.sizes = sizes;
    this.room = room;
    this.placeOf = new int[sizes.length];
    this.steps = steps;
  }

  /**
   * For each thing its place, or nothing when they do not all fit.
   *
   * @param sizes of the things, none below 0
   * @param room of the places
   */
  static Optional<List<Integer>> of(List<Long> sizes, List<Long> room, int steps) {
    List<Integer> biggestFirst =
        IntStream.range(0, sizes.size())
            .boxed()
            .sorted(Comparator.<Integer>comparingLong(sizes::get).reversed())
            .toList();
    long[] sorted = biggestFirst.stream().mapToLong(sizes::get).toArray();
    long[] places = room.stream().mapToLong(Long::longValue).toArray();
    if (Arrays.stream(sorted).sum() > Arrays.stream(places).map(r -> Math.max(0, r)).sum()) {
      return Optional.empty();
    }
    Packing packing = new Packing(sorted, places, steps);
    if (!packing.place(0)) {
      return Optional.empty();
    }
    Integer[] found = new Integer[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      found[biggestFirst.get(i)] = packing.placeOf[i];
    }
    return Optional.of(List.of(found));
  }

  /** Where most room is comes first: for most pools that leads straight to an answer. */
  private boolean place(int thing) {
    if (thing == sizes.length) {
      return true;
    }
    List<Integer> order =
        IntStream.range(0, room.length)
            .boxed()
            .sorted(Comparator.<Integer>comparingLong(p -> room[p]).reversed())
            .toList();
    long tried = -1;
    for (int place : order) {
      if (room[place] < sizes[thing]) {
        return false;
      }
      // Places of the same room are alike.
      if (room[place] == tried) {
        continue;
      }
      tried = room[place];
      if (steps-- <= 0) {
        return false;
      }
      room[place] -= sizes[thing];
      placeOf[thing] = place;
      if (place(thing + 1)) {
        return true;
      }
      room[place] += sizes[thing];
    }
    return false;
  }
}
