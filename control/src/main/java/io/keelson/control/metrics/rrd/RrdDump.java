package io.keelson.control.metrics.rrd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Everything that is recorded of an object, as the exchange formats of round-robin databases have
 * it.
 *
 * @param lastUpdate seconds since the epoch
 */
public record RrdDump(double lastUpdate, List<Source> sources, List<Archive> archives) {

  /**
   * A data source and the step under way.
   *
   * @param lastRaw what was read last; NaN for nothing
   * @param gathered value times seconds
   */
  public record Source(DataSource source, double lastRaw, double gathered, double unknownSeconds) {}

  /**
   * An archive.
   *
   * @param underWay one entry a source
   * @param rows the oldest first, each with a value a source; as many as the archive has room for
   */
  public record Archive(Resolution resolution, List<UnderWay> underWay, List<double[]> rows) {}

  /**
   * What is gathered of a row that is being made.
   *
   * @param gathered the sum of its values, or the least or greatest of them
   * @param unknown steps of which nothing is known
   */
  public record UnderWay(double gathered, int unknown) {}

  static RrdDump of(List<Resolution> resolutions, Collection<Column> columns, double lastUpdate) {
    List<Source> sources =
        columns.stream()
            .map(c -> new Source(c.source(), c.lastRaw(), c.gathered(), c.unknownSeconds()))
            .toList();
    List<Archive> archives = new ArrayList<>();
    for (int i = 0; i < resolutions.size(); i++) {
      int at = i;
      List<Series> series = columns.stream().map(c -> c.series().get(at)).toList();
      archives.add(archive(resolutions.get(i), series));
    }
    return new RrdDump(lastUpdate, sources, archives);
  }

  private static Archive archive(Resolution resolution, List<Series> series) {
    List<double[]> rows = new ArrayList<>(resolution.rows());
    for (int age = resolution.rows() - 1; age >= 0; age--) {
      double[] row = new double[series.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = series.get(i).rows().get(age);
      }
      rows.add(row);
    }
    List<UnderWay> underWay =
        series.stream().map(s -> new UnderWay(s.gathered(), s.unknown())).toList();
    return new Archive(resolution, underWay, rows);
  }
}
