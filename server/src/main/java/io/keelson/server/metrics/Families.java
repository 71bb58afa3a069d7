package io.keelson.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Metrics as Prometheus reads them: all samples of a name together, below what they are. */
final class Families {
  private final Map<String, Family> families = new TreeMap<>();

  private record Family(String type, String help, List<String> samples) {}

  /** A value that rises and falls. */
  void gauge(String name, String help, Map<String, String> labels, double value) {
    add(name, "gauge", help, labels, value);
  }

  /** A value that only rises. */
  void counter(String name, String help, Map<String, String> labels, double value) {
    add(name, "counter", help, labels, value);
  }

  private void add(
      String name, String type, String help, Map<String, String> labels, double value) {
    StringBuilder sample = new StringBuilder(name).append('{');
    labels.forEach((label, text) -> {
      if (sample.charAt(sample.length() - 1) != '{') {
        sample.append(',');
      }
      sample.append(label).append("=\"").append(escaped(text)).append('"');
    });
    sample.append("} ").append(text(value));
    families
        .computeIfAbsent(name, _ -> new Family(type, help, new ArrayList<>()))
        .samples()
        .add(sample.toString());
  }

  private static String text(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return NumberText.of(value);
  }

  /** A label's text within quotes. */
  static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    families.forEach((name, family) -> {
      text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
      family.samples().forEach(sample -> text.append(sample).append('\n'));
    });
    return text.toString();
  }
}
