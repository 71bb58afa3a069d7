package io.keelson.cli.command;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is measured of an object: listed, recorded, asked for, forgotten. */
public final class DataSources {
  private static final String NAME = "data-source";
  private static final int EXACT = 1 << 30;

  /** Selects the one object that a command is about. */
  @FunctionalInterface
  public interface Choice {
    void of(Invocation invocation, Set<String> parameters, Selection.Deed deed) throws IOException;
  }

  private final String apiClass;
  private final Choice choice;

  private DataSources(String apiClass, Choice choice) {
    this.apiClass = apiClass;
    this.choice = choice;
  }

  /**
   * The four commands of a kind of objects.
   *
   * @param prefix with which they begin: {@code host}
   * @param who for what help says of them
   */
  public static List<Command> commands(
      String prefix, String apiClass, String who, Command.Mark selectors, Choice choice) {
    DataSources sources = new DataSources(apiClass, choice);
    return List.of(
        Command.of(
            prefix + "-data-source-list",
            List.of(),
            List.of(),
            "Lists what can be recorded of " + who + ".",
            sources::list,
            selectors),
        Command.of(
            prefix + "-data-source-record",
            List.of(NAME),
            List.of(),
            "Records a data source of " + who + " from now on.",
            invocation -> sources.call(invocation, "record_data_source"),
            selectors),
        Command.of(
            prefix + "-data-source-query",
            List.of(NAME),
            List.of(),
            "Tells the last value of a data source of " + who + ".",
            sources::query,
            selectors),
        Command.of(
            prefix + "-data-source-forget",
            List.of(NAME),
            List.of(),
            "Stops recording a data source of " + who + ", and forgets what was recorded.",
            invocation -> sources.call(invocation, "forget_data_source_archives"),
            selectors));
  }

  private void list(Invocation invocation) throws IOException {
    choice.of(
        invocation,
        Set.of(),
        item ->
            invocation
                .printer()
                .table(
                    Values.items(invocation.call(apiClass + ".get_data_sources", item.ref()))
                        .stream()
                        .map(source -> lines(Values.members(source)))
                        .toList()));
  }

  private static List<Line> lines(Map<String, Value> source) {
    return Stream.of("name_label", "name_description", "enabled", "standard", "min", "max", "units")
        .map(name -> new Line(name, text(Values.member(source, name))))
        .toList();
  }

  private static String text(Value value) {
    return value instanceof Value.Real(double number) ? bound(number) : Values.text(value);
  }

  /** A bound as scripts know it: with a point at its end where it is whole. */
  private static String bound(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    return Math.rint(number) == number && Math.abs(number) < EXACT
        ? (long) number + "."
        : Double.toString(number);
  }

  private void query(Invocation invocation) throws IOException {
    choice.of(
        invocation,
        Set.of(NAME),
        item -> {
          double value =
              Values.real(
                  invocation.call(
                      apiClass + ".query_data_source", item.ref(), invocation.required(NAME)));
          invocation
              .printer()
              .list(List.of(Double.isNaN(value) ? "nan" : String.format(Locale.ROOT, "%f", value)));
        });
  }

  private void call(Invocation invocation, String message) throws IOException {
    choice.of(
        invocation,
        Set.of(NAME),
        item -> invocation.call(apiClass + "." + message, item.ref(), invocation.required(NAME)));
  }
}
