package io.keelson.control.metrics.rrd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RrdQueryTest {
  private static final double NOW = 1_700_000_000.5;

  private static Resolution choose(long start, long interval) {
    return new RrdQuery(start, interval, Optional.empty())
        .choose(Resolution.AVERAGES, NOW)
        .orElseThrow();
  }

  /** Ten minutes by steps, two hours by minutes, a week by hours, and all else by days. */
  @Property
  void finestThatReachesBackIsChosen(
      @ForAll @LongRange(min = 0, max = 50_000_000) long ago,
      @ForAll @LongRange(min = 0, max = 100_000) long interval) {
    long start = (long) NOW - ago;
    Resolution chosen = choose(start, interval);
    List<Resolution> better =
        Resolution.AVERAGES.stream()
            .takeWhile(each -> !each.equals(chosen))
            .filter(each -> each.steps() >= interval / 5)
            .toList();
    assertThat(better).allMatch(each -> reach(each) > start);
    boolean fits = chosen.steps() >= interval / 5 && reach(chosen) <= start;
    assertThat(fits || chosen.equals(Resolution.AVERAGES.getLast())).isTrue();
  }

  private static long reach(Resolution each) {
    return each.lastRow(NOW) - each.rows() * each.rowSeconds();
  }

  @Test
  void boundariesAreTheArchives() {
    assertThat(choose((long) NOW - 590, 0).rowSeconds()).isEqualTo(5);
    assertThat(choose((long) NOW - 610, 0).rowSeconds()).isEqualTo(60);
    assertThat(choose((long) NOW - 7_100, 0).rowSeconds()).isEqualTo(60);
    assertThat(choose((long) NOW - 7_300, 0).rowSeconds()).isEqualTo(3_600);
    assertThat(choose((long) NOW - 8 * 86_400, 0).rowSeconds()).isEqualTo(86_400);
    assertThat(choose(0, 0).rowSeconds()).isEqualTo(86_400);
    assertThat(choose((long) NOW - 10, 60).rowSeconds()).isEqualTo(60);
    assertThat(choose((long) NOW - 10, 61).rowSeconds()).isEqualTo(60);
    assertThat(choose((long) NOW - 10, 65).rowSeconds()).isEqualTo(3_600);
    assertThat(choose((long) NOW - 10, 1_000_000).rowSeconds()).isEqualTo(86_400);
  }

  @Test
  void negativeStartIsBeforeNow() {
    assertThat(choose(-590, 0)).isEqualTo(choose((long) NOW - 590, 0));
    assertThat(choose(-1_000, 0).rowSeconds()).isEqualTo(60);
  }

  @Test
  void rowsBeginAfterTheStartAndAreAsManyAsFit() {
    Rrd rrd = new Rrd(Resolution.WITH_EXTREMES);
    DataSource source =
        new DataSource("x", "", "", DataSource.Kind.GAUGE, 0, Double.POSITIVE_INFINITY, true);
    for (int i = 0; i <= 200; i++) {
      rrd.update(NOW - 1_000 + 5 * i, List.of(new Reading(source, i, i)));
    }
    List<Xport.Part> parts = List.of(new Xport.Part("vm", "u", rrd));
    Xport fine = Xport.of(parts, new RrdQuery(1_699_999_973, 0, Optional.empty()), NOW);
    assertThat(fine.start()).isEqualTo(1_699_999_975);
    assertThat(fine.end()).isEqualTo(1_700_000_000);
    assertThat(fine.rows()).isEqualTo(6);
    assertThat(fine.legend()).containsExactly("AVERAGE:vm:u:x");
    assertThat(fine.columns().getFirst()).hasSize(6).doesNotContain(Double.NaN);

    Xport coarse = Xport.of(parts, new RrdQuery(-700, 0, Optional.empty()), NOW);
    assertThat(coarse.step()).isEqualTo(60);
    assertThat(coarse.legend()).containsExactly("AVERAGE:vm:u:x", "MIN:vm:u:x", "MAX:vm:u:x");
    Optional<Consolidation> max = Optional.of(Consolidation.MAX);
    assertThat(Xport.of(parts, new RrdQuery(-10, 0, max), NOW).legend())
        .containsExactly("MAX:vm:u:x");
    assertThat(Xport.of(parts, new RrdQuery(0, 0, Optional.empty()), NOW).rows()).isEqualTo(366);
    assertThat(Xport.of(parts, new RrdQuery(2_000_000_000, 0, Optional.empty()), NOW).rows())
        .isZero();
  }
}
