package io.keelson.control.metrics.rrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RrdTest {
  private static final long START = 1_000_000_800; // a round hour, and minute, and step
  private static final DataSource X = source("x", true);
  private static final Resolution FINEST = Resolution.AVERAGES.get(0);
  private static final Resolution MINUTES = Resolution.AVERAGES.get(1);

  private static DataSource source(String name, boolean standard) {
    return new DataSource(
        name, "", "", DataSource.Kind.GAUGE, 0, Double.POSITIVE_INFINITY, standard);
  }

  private static void put(Rrd rrd, double time, double value) {
    rrd.update(time, List.of(new Reading(X, value, value)));
  }

  @Test
  void valueHoldsForTheTimeBeforeIt() {
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    put(rrd, START, 1);
    put(rrd, START + 5, 7);
    assertThat(rrd.values("x", FINEST, START + 5, 1)).containsExactly(7);
    put(rrd, START + 8, 1);
    put(rrd, START + 12, 11); // (3 x 1 + 2 x 11) / 5
    assertThat(rrd.values("x", FINEST, START + 5, 2)).containsExactly(7, 5);
  }

  @Test
  void nothingIsKnownOfALongSilence() {
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    put(rrd, START, 1);
    put(rrd, START + 60, 1);
    put(rrd, START + 60 + Rrd.HEARTBEAT_SECONDS + 1, 1);
    put(rrd, START + 60 + Rrd.HEARTBEAT_SECONDS + 10, 1);
    double[] minutes = rrd.values("x", MINUTES, START + 60, 6);
    assertThat(minutes)
        .containsExactly(1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  @Test
  void yearsOfSilenceTakeNoLongerThanTheirRows() {
    Rrd rrd = new Rrd(Resolution.WITH_EXTREMES);
    put(rrd, START, 1);
    put(rrd, START + 100L * 365 * 86_400, 1);
    assertThat(rrd.values("x", FINEST, START, 10)).containsOnly(Double.NaN);
    assertThat(rrd.dump().archives().get(3).rows()).hasSize(366);
  }

  @Test
  void implausibleIsUnknown() {
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    put(rrd, START, 1);
    put(rrd, START + 5, -1);
    assertThat(rrd.values("x", FINEST, START + 5, 1)).containsExactly(Double.NaN);
  }

  @Test
  void clockThatWentBackIsBelieved() {
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    put(rrd, START + 86_400, 3);
    put(rrd, START + 86_405, 3);
    put(rrd, START, 4);
    put(rrd, START + 5, 4);
    assertThat(rrd.values("x", FINEST, START, 2)).containsExactly(3, 4);
  }

  @Test
  void chosenSourcesAreRecordedAndOthersAreNot() throws IOException {
    DataSource rare = source("rare", false);
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    List<Reading> both = List.of(new Reading(X, 1, 1), new Reading(rare, 1, 1));
    rrd.update(START, both);
    assertThat(rrd.names()).containsExactly("x");
    rrd.record("rare");
    rrd.forget("x");
    rrd.update(START + 5, both);
    assertThat(rrd.names()).containsExactly("rare");
    Rrd again = RrdFile.read(rrd.bytes());
    assertThat(again.records(rare)).isTrue();
    assertThat(again.records(X)).isFalse();
  }

  @Property(tries = 50)
  void fileHoldsAllOfIt(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 400) Integer> gaps)
      throws IOException {
    Rrd rrd = new Rrd(Resolution.WITH_EXTREMES);
    double now = START;
    for (int gap : gaps) {
      now += gap / 3.0;
      put(rrd, now, gap);
    }
    Rrd again = RrdFile.read(rrd.bytes());
    assertThat(again.bytes()).isEqualTo(rrd.bytes());
    put(rrd, now + 7, 1);
    put(again, now + 7, 1);
    assertThat(again.bytes()).isEqualTo(rrd.bytes());
  }

  @Property(tries = 200)
  void damagedFileIsNotRead(
      @ForAll @IntRange(min = 0, max = 399) int at,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    Rrd rrd = new Rrd(Resolution.AVERAGES);
    for (int i = 0; i < 30; i++) {
      put(rrd, (double) (START + 5L * i), i);
    }
    byte[] bytes = rrd.bytes();
    bytes[at % bytes.length] ^= (byte) flip;
    assertThatThrownBy(() -> RrdFile.read(bytes)).isInstanceOf(IOException.class);
    byte[] half = Arrays.copyOf(rrd.bytes(), at);
    assertThatThrownBy(() -> RrdFile.read(half)).isInstanceOf(IOException.class);
  }
}
