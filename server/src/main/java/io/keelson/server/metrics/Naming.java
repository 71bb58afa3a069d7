package io.keelson.server.metrics;

import io.keelson.control.metrics.rrd.DataSource;
import io.keelson.control.metrics.rrd.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data source as Prometheus names it: what a XenAPI name numbers becomes a label, and the unit is
 * one of Prometheus's, at the name's end.
 *
 * @param name without the kind of object
 * @param labels that tell one device from another
 * @param scale of the unit
 */
record Naming(String name, Map<String, String> labels, double scale) {
  private record Shape(Pattern pattern, String name, String label) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(Pattern.compile("cpu(?<label>\\d+)(?<rest>)"), "cpu", "cpu"),
          new Shape(Pattern.compile("vif_(?<label>\\d+)_(?<rest>.*)"), "vif", "device"),
          new Shape(Pattern.compile("vbd_(?<label>[a-z0-9]+)_(?<rest>.*)"), "vbd", "device"),
          new Shape(
              Pattern.compile("pif_(?!aggr_)(?<label>.+?)_(?<rest>[rt]x(_errors)?)"),
              "pif",
              "device"),
          new Shape(Pattern.compile("(?<rest>.*)_(?<label>[0-9a-f]{8})"), "sr", "sr"));

  private static final double KIB = 1024;
  private static final double MICRO = 1e-6;

  /** Empty for what another source of the object tells as well. */
  static Optional<Naming> of(Reading reading) {
    DataSource source = reading.source();
    String units = source.units();
    boolean counter = source.kind() == DataSource.Kind.DERIVE;
    boolean repeated =
        units.equals("MiB/s")
            || (counter && units.equals("requests"))
            || source.name().endsWith("iops_total")
            || source.name().contains("iops_total_")
            || source.name().startsWith("pif_aggr_")
            || source.name().equals("cpu_usage")
            || source.name().equals("cpu_avg");
    if (repeated) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    String name = plain(source.name(), labels).replaceFirst("_kib$", "");
    String unit =
        switch (units) {
          case "B", "KiB", "B/s" -> "_bytes";
          case "(fraction)", "s/s" -> counter ? "_seconds" : "_ratio";
          case "μs" -> "_seconds";
          default -> "";
        };
    double scale =
        switch (units) {
          case "KiB" -> KIB;
          case "μs" -> MICRO;
          default -> 1;
        };
    return Optional.of(new Naming(name + unit + (counter ? "_total" : ""), labels, scale));
  }

  private static String plain(String name, Map<String, String> labels) {
    for (Shape shape : SHAPES) {
      Matcher matcher = shape.pattern().matcher(name);
      if (matcher.matches()) {
        labels.put(shape.label(), matcher.group("label"));
        String rest = matcher.group("rest");
        return rest.isEmpty() ? shape.name() : shape.name() + "_" + rest;
      }
    }
    return name;
  }
}
