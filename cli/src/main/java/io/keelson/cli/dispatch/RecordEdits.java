package io.keelson.cli.dispatch;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Attribute;
import io.keelson.cli.record.Attribute.Edit;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The commands that change the parameters of an object: param-set, -add, -remove and -clear, each
 * where a kind has parameters for it.
 */
final class RecordEdits {
  private final RecordKind kind;
  private final Filter filter;

  RecordEdits(RecordKind kind, Filter filter) {
    this.kind = kind;
    this.filter = filter;
  }

  /**
   * @param shown the attributes that may be named
   */
  List<Command> commands(List<Attribute> shown) {
    List<Command> commands = new ArrayList<>();
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
    if (shown.stream().anyMatch(RecordEdits::growsByParts)) {
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
        shown.stream().filter(RecordEdits::mayBeCleared).map(Attribute::name).toList();
    if (!clearable.isEmpty()) {
      commands.add(
          command(
              "param-clear",
              List.of("uuid", "param-name"),
              List.of(),
              "Empties a parameter (param-name can be " + String.join(",", clearable) + ").",
              this::clear));
    }
    return commands;
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

  /** A name that means nothing is found before anything is set. */
  private void set(Invocation invocation) {
    Item item = item(invocation);
    List<Parameter> parameters = Filter.about(invocation.line(), Set.of("uuid"));
    List<Filter.Place> places =
        parameters.stream().map(parameter -> filter.place(parameter.name())).toList();
    for (int i = 0; i < places.size(); i++) {
      String text = parameters.get(i).value();
      switch (places.get(i)) {
        case Filter.Place.Plain(Attribute attribute) -> setWhole(attribute, item, text);
        case Filter.Place.Entry(Attribute attribute, String key) ->
            setEntry(attribute, item, key, text);
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
}
