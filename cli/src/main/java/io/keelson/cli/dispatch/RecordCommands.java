package io.keelson.cli.dispatch;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.ForeignDatabase;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Attribute;
import io.keelson.cli.record.Attribute.Trait;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import io.keelson.cli.record.Objects;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The commands that every kind of object has: list, param-list and param-get, and {@link
 * RecordEdits}.
 */
final class RecordCommands {
  private static final Set<String> LISTED_FIRST = Set.of("vm", "network", "sr");
  private static final String DATABASE = "database";

  private final RecordKind kind;
  private final Filter filter;

  private RecordCommands(RecordKind kind) {
    this.kind = kind;
    this.filter = new Filter(kind);
  }

  static List<Command> all() {
    return RecordKinds.ALL.stream().flatMap(kind -> new RecordCommands(kind).commands()).toList();
  }

  private Stream<Command> commands() {
    List<Attribute> shown =
        kind.attributes().stream().filter(attribute -> !attribute.has(Trait.HIDDEN)).toList();
    List<Command> commands = new ArrayList<>(reading(shown));
    commands.addAll(new RecordEdits(kind, filter).commands(shown));
    return commands.stream();
  }

  private List<Command> reading(List<Attribute> shown) {
    List<String> filters =
        Stream.of(
                Stream.of("params", DATABASE + ":"),
                shown.stream().map(Attribute::name),
                shown.stream()
                    .filter(attribute -> attribute.members().isPresent())
                    .map(attribute -> attribute.name() + ":contains"))
            .flatMap(names -> names)
            .toList();
    String plural = kind.name().equals("patch") ? "patches" : kind.name() + "s";
    Command.Mark[] marks =
        LISTED_FIRST.contains(kind.name())
            ? new Command.Mark[] {Command.Mark.STANDARD}
            : new Command.Mark[0];
    return List.of(
        Command.of(
            kind.name() + "-list",
            List.of(),
            filters,
            "Lists all the %s that have the values given. Entries of maps are given as 'map-param:key=value'."
                .formatted(plural),
            this::list,
            marks),
        command(
            "param-list",
            List.of("uuid"),
            List.of(DATABASE + ":"),
            "Lists all the parameters of the object that has the uuid.",
            this::listParameters),
        command(
            "param-get",
            List.of("uuid", "param-name"),
            List.of("param-key", DATABASE + ":"),
            "Gets a parameter of an object; of a map with param-key=<key> the value of that key.",
            this::get));
  }

  private Command command(
      String verb, List<String> required, List<String> optional, String help, Command.Work work) {
    return Command.of(kind.name() + "-" + verb, required, optional, help, work);
  }

  private void list(Invocation invocation) throws IOException {
    inDatabase(
        invocation,
        objects -> {
          CommandLine line = invocation.line();
          List<Item> all = kind.all(objects);
          List<Parameter> wanted =
              Stream.concat(
                      kind.filters().entrySet().stream()
                          .map(entry -> new Parameter(entry.getKey(), entry.getValue())),
                      Filter.about(line, Set.of("params", DATABASE)).stream())
                  .toList();
          List<Item> shown = filter.select(all, wanted);
          List<Attribute> columns = columns(line);
          invocation
              .printer()
              .table(
                  (line.flag("all") ? all : shown)
                      .stream().map(item -> cheapLines(columns, item)).toList());
        });
  }

  private List<Attribute> columns(CommandLine line) {
    List<String> names =
        line.get("params")
            .map(text -> text.equals("all") ? List.<String>of() : List.of(text.split(",")))
            .orElse(kind.columns());
    return kind.attributes().stream()
        .filter(attribute -> !attribute.has(Trait.HIDDEN))
        .filter(attribute -> names.isEmpty() || names.contains(attribute.name()))
        .toList();
  }

  private static List<Line> cheapLines(List<Attribute> columns, Item item) {
    return columns.stream().map(attribute -> attribute.cheapLine(item)).toList();
  }

  private void listParameters(Invocation invocation) throws IOException {
    inDatabase(
        invocation,
        objects -> {
          Item item = kind.byUuid(objects, invocation.required("uuid"));
          invocation
              .printer()
              .table(
                  List.of(
                      kind.attributes().stream()
                          .filter(attribute -> !attribute.has(Trait.HIDDEN))
                          .map(attribute -> attribute.line(item))
                          .toList()));
        });
  }

  private void get(Invocation invocation) throws IOException {
    inDatabase(
        invocation,
        objects -> {
          Item item = kind.byUuid(objects, invocation.required("uuid"));
          Attribute attribute = kind.named(invocation.required("param-name"));
          String text;
          if (invocation.get("param-key").isPresent() && attribute.entries().isPresent()) {
            String key = invocation.required("param-key");
            Map<String, String> entries = attribute.entries().get().apply(item);
            if (!entries.containsKey(key)) {
              throw CommandException.failed("Key " + key + " not found in map");
            }
            text = entries.getOrDefault(key, "");
          } else {
            text = attribute.of(item);
          }
          invocation.printer().list(List.of(text));
        });
  }

  /** Reads from the pool's database, or from the one on a disk that {@code database:} names. */
  private static void inDatabase(Invocation invocation, Reading reading) throws IOException {
    if (ForeignDatabase.isNamed(invocation)) {
      ForeignDatabase.open(invocation, database -> reading.from(new Objects(database)));
    } else {
      reading.from(invocation.objects());
    }
  }

  /** Something that reads objects. */
  @FunctionalInterface
  private interface Reading {
    void from(Objects objects) throws IOException;
  }
}
