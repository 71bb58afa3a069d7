package io.keelson.cli.dispatch;

import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.record.Attribute;
import io.keelson.cli.record.Attribute.Edit;
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

/** The commands that every kind of object has: list, and param-list, -get, -set, -add and so on. */
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
    List<String> settable = settable(shown);
    if (!settable.isEmpty()) {
      commands.add(
          command(
              "param-set",
              List.of("uuid"),
              settable,
              "Sets parameters of an object. An entry of a map is set with 'map-param:key=value'.",
              this::set));
    }
    if (shown.stream().anyMatch(RecordCommands::growsByParts)) {
      commands.add(
          command(
              "param-add",
              List.of("uuid", "param-name"),
              List.of("param-key"),
              "Adds to a parameter: to a set with param-key=<member>, to a map with key=value.",
              this::add));
      commands.add(
          command(
              "param-remove",
              List.of("uuid", "param-name", "param-key"),
              List.of(),
              "Removes a member of a set or an entry of a map.",
              this::remove));
    }
    List<String> clearable =
        shown.stream().filter(RecordCommands::mayBeCleared).map(Attribute::name).toList();
    if (!clearable.isEmpty()) {
      commands.add(
          command(
              "param-clear",
              List.of("uuid", "param-name"),
              List.of(),
              "Empties a parameter (param-name can be " + String.join(",", clearable) + ").",
              this::clear));
    }
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

  private static List<String> settable(List<Attribute> attributes) {
    List<String> whole = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (Attribute attribute : attributes) {
      switch (attribute.edit()) {
        case Edit.Whole _ -> whole.add(attribute.name());
        case Edit.Members members -> {
          if (members.set().isPresent()) {
            whole.add(attribute.name());
          }
        }
        case Edit.Entries _, Edit.Properties _ -> entries.add(attribute.name() + ":");
        case Edit.None _ -> {}
      }
    }
    return Stream.concat(whole.stream(), entries.stream()).toList();
  }

  private static boolean growsByParts(Attribute attribute) {
    return attribute.edit() instanceof Edit.Members || attribute.edit() instanceof Edit.Entries;
  }

  private static boolean mayBeCleared(Attribute attribute) {
    return attribute.edit() instanceof Edit.Whole
        || attribute.members().isPresent()
        || attribute.entries().isPresent();
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

  private void set(Invocation invocation) {
    Item item = item(invocation);
    for (Parameter parameter : Filter.about(invocation.line(), Set.of("uuid"))) {
      switch (filter.place(parameter.name())) {
        case Filter.Place.Plain(Attribute attribute) ->
            setWhole(attribute, item, parameter.value());
        case Filter.Place.Entry(Attribute attribute, String key) ->
            setEntry(attribute, item, key, parameter.value());
        case Filter.Place.Member _ ->
            throw CommandException.failed("Cannot param-set on set fields");
      }
    }
  }

  private static void setWhole(Attribute attribute, Item item, String text) {
    switch (attribute.edit()) {
      case Edit.Whole(Attribute.Change set) -> set.apply(item, text);
      case Edit.Members members when members.set().isPresent() ->
          members.set().get().apply(item, text);
      case Edit.Members _, Edit.Entries _, Edit.Properties _ ->
          throw CommandException.failed(
              "Field '%s' is a map or set. use the 'name:key=value' syntax."
                  .formatted(attribute.name()));
      case Edit.None _ -> throw readOnly("Field", attribute);
    }
  }

  private static void setEntry(Attribute attribute, Item item, String key, String text) {
    switch (attribute.edit()) {
      case Edit.Properties(Attribute.EntryChange set) -> set.apply(item, key, text);
      case Edit.Entries(Attribute.EntryChange add, Attribute.Change remove) -> {
        if (attribute.entries().orElseThrow().apply(item).containsKey(key)) {
          remove.apply(item, key);
        }
        add.apply(item, key, text);
      }
      case Edit.Whole _, Edit.Members _, Edit.None _ -> throw readOnly("Map field", attribute);
    }
  }

  private static CommandException readOnly(String what, Attribute attribute) {
    return CommandException.failed(what + " '" + attribute.name() + "' is read-only.");
  }

  private void add(Invocation invocation) {
    Item item = item(invocation);
    Attribute attribute = kind.named(invocation.required("param-name"));
    switch (attribute.edit()) {
      case Edit.Members members ->
          members
              .add()
              .apply(
                  item,
                  invocation
                      .get("param-key")
                      .orElseThrow(() ->
                          CommandException.failed(
                              "When adding a key to a set, use the syntax: *-param-add"
                                  + " param-name=<name> param-key=<key>")));
      case Edit.Entries entries -> {
        for (Parameter parameter :
            Filter.about(invocation.line(), Set.of("uuid", "param-name", "param-key"))) {
          entries.add().apply(item, parameter.name(), parameter.value());
        }
      }
      case Edit.Whole _, Edit.Properties _, Edit.None _ ->
          throw CommandException.failed(
              attribute.members().isPresent() || attribute.entries().isPresent()
                  ? "Parameter is read-only"
                  : "Can only add to parameters of type Set or Map");
    }
  }

  private void remove(Invocation invocation) {
    Item item = item(invocation);
    Attribute attribute = kind.named(invocation.required("param-name"));
    String key = invocation.required("param-key");
    switch (attribute.edit()) {
      case Edit.Members members -> {
        if (!attribute.members().orElseThrow().apply(item).contains(key)) {
          throw CommandException.failed("Key is not in the set");
        }
        members.remove().apply(item, key);
      }
      case Edit.Entries entries -> {
        if (!attribute.entries().orElseThrow().apply(item).containsKey(key)) {
          throw CommandException.failed("Key is not in map");
        }
        entries.remove().apply(item, key);
      }
      case Edit.Whole _, Edit.Properties _, Edit.None _ ->
          throw CommandException.failed(
              attribute.members().isPresent() || attribute.entries().isPresent()
                  ? "Cannot remove parameters from read-only map"
                  : "Can only remove from parameters of type Set or Map");
    }
  }

  private void clear(Invocation invocation) {
    Item item = item(invocation);
    Attribute attribute = kind.named(invocation.required("param-name"));
    switch (attribute.edit()) {
      case Edit.Members members ->
          attribute
              .members()
              .orElseThrow()
              .apply(item)
              .forEach(member -> members.remove().apply(item, member));
      case Edit.Entries entries ->
          attribute
              .entries()
              .orElseThrow()
              .apply(item)
              .keySet()
              .forEach(key -> entries.remove().apply(item, key));
      case Edit.Whole(Attribute.Change set) -> set.apply(item, "");
      case Edit.Properties _, Edit.None _ ->
          throw CommandException.failed("Can only clear RW parameters");
    }
  }

  private Item item(Invocation invocation) {
    return kind.byUuid(invocation.objects(), invocation.required("uuid"));
  }

  /** Something that reads objects. */
  @FunctionalInterface
  private interface Reading {
    void from(Objects objects) throws IOException;
  }

  /** Reads from the pool's database, or from the one on a disk that {@code database:} names. */
  private static void inDatabase(Invocation invocation, Reading reading) throws IOException {
    String uuid = invocation.line().map(DATABASE).get("vdi-uuid");
    if (uuid == null) {
      reading.from(invocation.objects());
      return;
    }
    String vdi = Values.text(invocation.call("VDI.get_by_uuid", uuid));
    String session = Values.text(invocation.call("VDI.open_database", vdi));
    Api foreign = invocation.api().in(session);
    try {
      reading.from(new Objects(foreign));
    } finally {
      foreign.call("session.logout");
    }
  }
}
