package io.keelson.control.metrics.rrd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of many objects side by side.
 *
 * @param start end of the oldest row, seconds since the epoch
 * @param step seconds between rows
 * @param end end of the newest row
 * @param rows how many there are
 * @param legend what each column is: consolidation, kind of object, its uuid, data source
 * @param columns values, the oldest first
 */
public record Xport(
    long start, long step, long end, int rows, List<String> legend, List<double[]> columns) {

  /**
   * An object's archives.
   *
   * @param kind "host", "vm" or "sr"
   */
  public record Part(String kind, String uuid, Rrd rrd) {}

  /** The rows that are asked for. All archives take part that have rows of the chosen width. */
  public static Xport of(List<Part> parts, RrdQuery query, double now) {
    Optional<Resolution> chosen =
        parts.stream()
            .flatMap(part -> query.choose(part.rrd().resolutions(), now).stream())
            .findFirst();
    if (chosen.isEmpty()) {
      Resolution none = Resolution.AVERAGES.getFirst();
      return new Xport(
          query.firstRow(none, now), none.rowSeconds(), none.lastRow(now), 0, List.of(), List.of());
    }
    Resolution width = chosen.get();
    long first = query.firstRow(width, now);
    long last = width.lastRow(now);
    int rows = (int) Math.max(0, (last - first) / width.rowSeconds() + 1);
    List<String> legend = new ArrayList<>();
    List<double[]> columns = new ArrayList<>();
    for (Part part : parts) {
      for (Resolution resolution : part.rrd().resolutions()) {
        if (resolution.steps() == width.steps() && query.consolidatesAs(resolution)) {
          for (String name : part.rrd().names()) {
            legend.add(
                resolution.consolidation() + ":" + part.kind() + ":" + part.uuid() + ":" + name);
            columns.add(part.rrd().values(name, resolution, first, rows));
          }
        }
      }
    }
    return new Xport(first, width.rowSeconds(), last, rows, legend, columns);
  }
}
