package io.keelson.control.pool.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.control.pool.ha.FailurePlans.Home;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FailurePlansTest {

  @Property(tries = 400)
  void smallPoolsAreAsBruteForceSays(
      @ForAll @Size(min = 1, max = 4) List<@LongRange(max = 9) Long> room,
      @ForAll @Size(max = 5) List<@LongRange(min = 1, max = 6) Long> sizes,
      @ForAll @Size(5) List<@IntRange(min = -1, max = 3) Integer> hosts) {
    List<Home> homes =
        IntStream.range(0, sizes.size())
            .mapToObj(i -> new Home(Math.min(hosts.get(i), room.size() - 1), sizes.get(i)))
            .toList();
    FailurePlans plans = new FailurePlans(room, homes);
    for (int n = 0; n <= room.size() + 1; n++) {
      assertThat(plans.exists(n)).as("%d failures", n).isEqualTo(bruteForce(room, homes, n));
    }
  }

  @Property(tries = 200)
  void whatIsPackedFitsWhereItIsPut(
      @ForAll @Size(min = 1, max = 8) List<@LongRange(max = 50) Long> room,
      @ForAll @Size(max = 12) List<@LongRange(min = 1, max = 30) Long> sizes) {
    Optional<List<Integer>> places = Packing.of(sizes, room, Packing.STEPS);
    if (places.isPresent()) {
      List<Long> left = new ArrayList<>(room);
      for (int i = 0; i < sizes.size(); i++) {
        int place = places.get().get(i);
        left.set(place, left.get(place) - sizes.get(i));
      }
      assertThat(left).allMatch(l -> l >= 0);
    }
  }

  /** Where sets are too many to look at, the answer is never better than the truth. */
  @Property(tries = 100)
  void bigPoolsAreNeverPromisedTooMuch(
      @ForAll @Size(24) List<@LongRange(max = 20) Long> room,
      @ForAll @LongRange(min = 1, max = 10) long size,
      @ForAll @Size(max = 40) List<@IntRange(min = -1, max = 23) Integer> hosts) {
    List<Home> homes = hosts.stream().map(host -> new Home(host, size)).toList();
    FailurePlans plans = new FailurePlans(room, homes);
    int failures = 6;
    // With things of one size the worst set is known, so the truth is too.
    List<Long> weights =
        IntStream.range(0, 24)
            .mapToObj(h -> room.get(h) / size + Collections.frequency(hosts, h))
            .sorted(Collections.reverseOrder())
            .toList();
    long slots = room.stream().mapToLong(r -> r / size).sum();
    long lost = weights.stream().limit(failures).mapToLong(Long::longValue).sum();
    boolean truth = Collections.frequency(hosts, -1) + lost <= slots;
    assertThat(plans.exists(failures)).isEqualTo(truth);
  }

  @Test
  void aPoolWithoutAnythingToRunLosesAllHosts() {
    assertThat(new FailurePlans(List.of(0L, 0L), List.of()).most()).isEqualTo(2);
    assertThat(new FailurePlans(List.of(), List.of()).most()).isZero();
    assertThat(new FailurePlans(List.of(5L, 5L), List.of(new Home(0, 5))).most()).isEqualTo(1);
  }

  private static boolean bruteForce(List<Long> room, List<Home> homes, int failures) {
    if (failures > room.size()) {
      return false;
    }
    for (int set = 0; set < (1 << room.size()); set++) {
      if (Integer.bitCount(set) == failures && !placed(room, homes, set, 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean placed(List<Long> room, List<Home> homes, int failed, int next) {
    if (next == homes.size()) {
      return true;
    }
    Home home = homes.get(next);
    if (home.host() >= 0 && (failed & (1 << home.host())) == 0) {
      return placed(room, homes, failed, next + 1);
    }
    for (int host = 0; host < room.size(); host++) {
      if ((failed & (1 << host)) == 0 && room.get(host) >= home.size()) {
        List<Long> left = new ArrayList<>(room);
        left.set(host, left.get(host) - home.size());
        if (placed(left, homes, failed, next + 1)) {
          return true;
        }
      }
    }
    return false;
  }
}
