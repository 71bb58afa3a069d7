package io.keelson.control.metrics.rrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.rrd4j.ConsolFun;
import org.rrd4j.DsType;
import org.rrd4j.core.Robin;
import org.rrd4j.core.RrdDb;
import org.rrd4j.core.RrdDef;
import org.rrd4j.core.RrdMemoryBackendFactory;

/** Readings that come at least once a step are consolidated as rrd4j does it. */
class RrdOracleTest {
  private static final List<Resolution> RESOLUTIONS =
      List.of(
          new Resolution(Consolidation.AVERAGE, 1, 50, 0.5),
          new Resolution(Consolidation.AVERAGE, 12, 20, 0.5),
          new Resolution(Consolidation.MIN, 12, 20, 1),
          new Resolution(Consolidation.MAX, 7, 9, 1));

  /** Which takes no 1, though it means as much. */
  private static final double NEARLY_ALL = 0.999_999;

  @Property(tries = 100)
  void rowsAreThoseOfAnotherImplementation(
      @ForAll @IntRange(min = 200_000_000, max = 200_010_000) int firstStep,
      @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 1, max = 5) Integer> gaps,
      @ForAll boolean even,
      @ForAll @DoubleRange(min = 0, max = 1e6) double scale)
      throws IOException {
    int start = firstStep * Rrd.STEP_SECONDS;
    DataSource source =
        new DataSource("x", "", "", DataSource.Kind.GAUGE, 0, Double.POSITIVE_INFINITY, true);
    Rrd ours = new Rrd(RESOLUTIONS);
    try (RrdDb theirs = theirs(start)) {
      ours.update(start, List.of(new Reading(source, 0, 0)));
      long now = start;
      for (int i = 0; i < gaps.size(); i++) {
        now += even ? Rrd.STEP_SECONDS : gaps.get(i);
        double value = scale * ((i * 7919) % 101);
        ours.update((double) now, List.of(new Reading(source, value, value)));
        theirs.createSample(now).setValue("x", value).update();
      }
      for (int i = 0; i < RESOLUTIONS.size(); i++) {
        // Theirs are the least and greatest of readings, ours and rrdtool's those of steps.
        if (even || RESOLUTIONS.get(i).consolidation() == Consolidation.AVERAGE) {
          compare(ours, RESOLUTIONS.get(i), theirs.getArchive(i).getRobin(0));
        }
      }
    }
  }

  private static RrdDb theirs(long start) throws IOException {
    RrdDef definition = new RrdDef("memory", start, Rrd.STEP_SECONDS);
    definition.addDatasource("x", DsType.GAUGE, Rrd.HEARTBEAT_SECONDS, 0, Double.NaN);
    for (Resolution each : RESOLUTIONS) {
      definition.addArchive(
          ConsolFun.valueOf(each.consolidation().name()),
          Math.min(each.unknownShare(), NEARLY_ALL),
          each.steps(),
          each.rows());
    }
    return RrdDb.getBuilder()
        .setRrdDef(definition)
        .setBackendFactory(new RrdMemoryBackendFactory())
        .build();
  }

  private static void compare(Rrd ours, Resolution resolution, Robin theirs) throws IOException {
    long newest = resolution.lastRow(ours.lastUpdate());
    long oldest = newest - (resolution.rows() - 1) * resolution.rowSeconds();
    double[] values = ours.values("x", resolution, oldest, resolution.rows());
    for (int i = 0; i < values.length; i++) {
      double expected = theirs.getValue(i);
      if (Double.isNaN(expected)) {
        assertThat(values[i]).as("%s row %d", resolution, i).isNaN();
      } else {
        assertThat(values[i])
            .as("%s row %d", resolution, i)
            .isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
      }
    }
  }
}
