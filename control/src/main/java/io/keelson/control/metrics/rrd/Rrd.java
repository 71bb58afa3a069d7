package io.keelson.control.metrics.rrd;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is recorded of one object.
 *
 * <p>Steps and rows begin at round times of the wall clock, whenever readings come. Where none came
 * for long, nothing is known.
 */
public final class Rrd {
  /** Between two values of the finest resolution. */
  public static final int STEP_SECONDS = 5;

  /** A reading says nothing of the time before it when the one before is older than this. */
  public static final int HEARTBEAT_SECONDS = 300;

  private final List<Resolution> resolutions;
  private final SequencedMap<String, Column> columns;
  private final Map<String, Boolean> choices;
  private double lastUpdate;

  /** An empty one. */
  public Rrd(List<Resolution> resolutions) {
    this(resolutions, new LinkedHashMap<>(), new HashMap<>(), 0);
  }

  Rrd(
      List<Resolution> resolutions,
      SequencedMap<String, Column> columns,
      Map<String, Boolean> choices,
      double lastUpdate) {
    this.resolutions = List.copyOf(resolutions);
    this.columns = columns;
    this.choices = choices;
    this.lastUpdate = lastUpdate;
  }

  public List<Resolution> resolutions() {
    return resolutions;
  }

  /** When readings last came, in seconds since the epoch; 0 for never. */
  public synchronized double lastUpdate() {
    return lastUpdate;
  }

  /** Whether the source's values are recorded. */
  public synchronized boolean records(DataSource source) {
    return choices.getOrDefault(source.name(), source.standard());
  }

  /** Begins to record a source's values. */
  public synchronized void record(String name) {
    choices.put(name, true);
  }

  /** Throws away what is recorded of a source, and records it no more. */
  public synchronized void forget(String name) {
    choices.put(name, false);
    columns.remove(name);
  }

  /**
   * Takes readings; those of sources that are not recorded are left aside.
   *
   * <p>A clock that went back by little is waited for. One that went back by more is believed: what
   * is there keeps its order, and its end is now.
   *
   * @param now seconds since the epoch
   */
  public synchronized void update(double now, Collection<Reading> readings) {
    double elapsed = now - lastUpdate;
    if (elapsed <= 0 && elapsed >= -HEARTBEAT_SECONDS && lastUpdate > 0) {
      return;
    }
    Map<String, Reading> wanted = new HashMap<>();
    for (Reading reading : readings) {
      if (records(reading.source())) {
        wanted.put(reading.source().name(), reading);
      }
    }
    if (elapsed > 0) {
      columns.forEach((name, column) -> advance(column, wanted.get(name), now));
    } else {
      columns.values().forEach(column -> column.restart(now));
    }
    lastUpdate = now;
    for (Reading reading : readings) {
      String name = reading.source().name();
      if (wanted.containsKey(name)) {
        columns.computeIfAbsent(name, _ -> new Column(reading.source(), resolutions, now));
        columns.get(name).read(reading);
      }
    }
  }

  private void advance(Column column, @Nullable Reading reading, double now) {
    double value =
        reading == null || now - lastUpdate > HEARTBEAT_SECONDS ? Double.NaN : reading.value();
    if (reading == null) {
      column.readNothing();
    } else if (!reading.source().plausible(value)) {
      value = Double.NaN;
    }
    long from = (long) Math.floor(lastUpdate / STEP_SECONDS);
    long to = (long) Math.floor(now / STEP_SECONDS);
    if (from == to) {
      column.gather(value, now - lastUpdate);
      return;
    }
    column.gather(value, (from + 1) * (double) STEP_SECONDS - lastUpdate);
    column.endStep();
    column.add(value, to - from - 1);
    column.gather(value, now - to * (double) STEP_SECONDS);
  }

  /** Names of the sources that something is recorded of, the oldest first. */
  public synchronized List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /** Lets go of sources of which nothing is known any more, for all the time that is kept. */
  public synchronized void prune() {
    columns.values().removeIf(column -> Double.isNaN(column.lastRaw()) && column.knowsNothing());
  }

  /**
   * Values of rows that follow one another; NaN for those that are not known.
   *
   * @param first the end of the first row
   */
  public synchronized double[] values(String name, Resolution resolution, long first, int rows) {
    double[] values = new double[rows];
    Arrays.fill(values, Double.NaN);
    Column column = columns.get(name);
    int at = resolutions.indexOf(resolution);
    if (column != null && at >= 0) {
      Ring ring = column.series().get(at).rows();
      long age = (resolution.lastRow(lastUpdate) - first) / resolution.rowSeconds();
      for (int i = 0; i < rows; i++) {
        values[i] = ring.get(age - i);
      }
    }
    return values;
  }

  /** Everything, as it is now. */
  public synchronized RrdDump dump() {
    return RrdDump.of(resolutions, columns.values(), lastUpdate);
  }

  /** As it is kept in a file. */
  public synchronized byte[] bytes() {
    return RrdFile.write(resolutions, columns, choices, lastUpdate);
  }
}
