package io.keelson.control.pool.ha;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How many hosts may fail at once, whichever they are, with all that has to run still finding room
 * on the others. What runs on a host that does not fail stays where it is.
 *
 * @param room of each host beside all that it runs now, bytes
 * @param homes what has to run
 */
record FailurePlans(List<Long> room, List<Home> homes) {
  /** Up to so many sets of hosts each is looked at; beyond, a bound that is never too high. */
  private static final long MOST_SETS = 3_500;

  /** The home of what runs nowhere yet and has to. */
  static final int NOWHERE = -1;

  /**
   * A VM that has to run.
   *
   * @param host its number, or {@link #NOWHERE}
   * @param size bytes
   */
  record Home(int host, long size) {}

  FailurePlans {
    room = List.copyOf(room);
    homes = List.copyOf(homes);
  }

  /**
   * The greatest number of failures for which there is a plan; 0 also when there is none at all.
   */
  int most() {
    int failures = 0;
    while (failures < room.size() && exists(failures + 1)) {
      failures++;
    }
    return failures;
  }

  /** Whether all that has to run does after any so many failures. */
  boolean exists(int failures) {
    if (failures > room.size()) {
      return false;
    }
    return sets(room.size(), failures) <= MOST_SETS ? eachSet(failures) : bound(failures);
  }

  /** {@link #exists} by the quick bound alone, which may say no where there is a plan. */
  boolean surelyExists(int failures) {
    return failures <= room.size() && bound(failures);
  }

  /** The number of sets of hosts that can fail, or more than anybody looks at. */
  private static long sets(int hosts, int failures) {
    long sets = 1;
    for (int i = 0; i < Math.min(failures, hosts - failures); i++) {
      sets = sets * (hosts - i) / (i + 1);
      if (sets > MOST_SETS) {
        return sets;
      }
    }
    return sets;
  }

  private boolean eachSet(int failures) {
    return eachSet(new BitSet(), 0, failures);
  }

  private boolean eachSet(BitSet failed, int next, int left) {
    if (left == 0) {
      return fits(failed);
    }
    for (int host = next; host <= room.size() - left; host++) {
      failed.set(host);
      boolean possible = eachSet(failed, host + 1, left - 1);
      failed.clear(host);
      if (!possible) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(BitSet failed) {
    List<Long> sizes =
        homes.stream()
            .filter(home -> home.host() == NOWHERE || failed.get(home.host()))
            .map(Home::size)
            .toList();
    List<Long> left =
        IntStream.range(0, room.size()).filter(h -> !failed.get(h)).mapToObj(room::get).toList();
    return Packing.of(sizes, left, Packing.STEPS).isPresent();
  }

  /**
   * Takes all for as big as the biggest, and has those hosts fail that have most of them and most
   * room for them.
   */
  private boolean bound(int failures) {
    long biggest = Math.max(1, homes.stream().mapToLong(Home::size).max().orElse(1));
    long[] own = new long[room.size()];
    homes.stream().filter(home -> home.host() != NOWHERE).forEach(home -> own[home.host()]++);
    long waiting = homes.stream().filter(home -> home.host() == NOWHERE).count();
    long[] slots = room.stream().mapToLong(r -> Math.max(0, r) / biggest).toArray();
    List<Integer> worst = new ArrayList<>(IntStream.range(0, room.size()).boxed().toList());
    worst.sort(Comparator.<Integer>comparingLong(h -> own[h] + slots[h]).reversed());
    long lost = worst.stream().limit(failures).mapToLong(h -> own[h] + slots[h]).sum();
    return waiting + lost <= LongStream.of(slots).sum();
  }
}
