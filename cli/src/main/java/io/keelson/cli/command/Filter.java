package io.keelson.cli.command;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.record.Attribute;
import io.keelson.cli.record.Attribute.Trait;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKind;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the objects whose attributes have the values of parameters: {@code name=value}, of a map
 * {@code name:key=value}, of a set {@code name:contains=value}. A dash may stand for the colon, as
 * in scripts of long ago; the longest name that fits is meant then.
 */
public final class Filter {
  /** Parameters that every command knows. */
  public static final Set<String> STANDARD =
      Set.of(
          "server",
          "password",
          "port",
          "username",
          "minimal",
          "force",
          "multiple",
          "all",
          "message-priority",
          "trace");

  private final RecordKind kind;

  public Filter(RecordKind kind) {
    this.kind = kind;
  }

  /**
   * @param items whose records are looked at
   * @throws CommandException for a parameter that names no attribute, if there is any object
   */
  public List<Item> select(List<Item> items, Collection<Parameter> wanted) {
    List<Item> left = items;
    for (Parameter parameter : wanted) {
      if (!left.isEmpty()) {
        left = left.stream().filter(item -> fits(item, parameter)).toList();
      }
    }
    return left;
  }

  private boolean fits(Item item, Parameter parameter) {
    return switch (place(parameter.name())) {
      case Place.Plain(Attribute attribute) ->
          same(attribute, attribute.of(item), parameter.value());
      case Place.Entry(Attribute attribute, String key) ->
          attribute.entries().orElseThrow().apply(item).entrySet().stream()
              .anyMatch(entry ->
                  same(attribute, entry.getKey(), key)
                      && same(attribute, entry.getValue(), parameter.value()));
      case Place.Member(Attribute attribute, String key) -> {
        if (!key.equals("contains")) {
          throw CommandException.failed(
              "Invalid syntax for set filtering (should be set-param:contains=key)");
        }
        yield attribute.members().orElseThrow().apply(item).stream()
            .anyMatch(member -> same(attribute, member, parameter.value()));
      }
    };
  }

  private static boolean same(Attribute attribute, String one, String other) {
    return attribute.has(Trait.ANY_CASE) ? one.equalsIgnoreCase(other) : one.equals(other);
  }

  /** What the name of a parameter means. */
  public sealed interface Place {
    /** An attribute as a whole. */
    record Plain(Attribute attribute) implements Place {}

    /** An entry of a map. */
    record Entry(Attribute attribute, String key) implements Place {}

    /** A member of a set. */
    record Member(Attribute attribute, String key) implements Place {}
  }

  public Place place(String name) {
    Optional<Attribute> plain = kind.find(name);
    if (plain.isPresent()) {
      return new Place.Plain(plain.get());
    }
    int colon = name.indexOf(':');
    if (colon >= 0) {
      Attribute attribute =
          kind.find(name.substring(0, colon))
              .orElseThrow(() -> CommandException.failed("Unknown field '" + name + "'"));
      return inside(attribute, name.substring(colon + 1))
          .orElseThrow(() ->
              CommandException.failed("Field '" + attribute.name() + "' is not a set or map"));
    }
    return longest(name, true)
        .or(() -> longest(name, false))
        .orElseThrow(() -> CommandException.failed("Unknown field '" + name + "'"));
  }

  private Optional<Place> longest(String name, boolean maps) {
    return kind.attributes().stream()
        .filter(
            attribute -> maps ? attribute.entries().isPresent() : attribute.members().isPresent())
        .filter(attribute -> name.startsWith(attribute.name() + "-"))
        .max(Comparator.comparingInt(attribute -> attribute.name().length()))
        .flatMap(attribute -> inside(attribute, name.substring(attribute.name().length() + 1)));
  }

  private static Optional<Place> inside(Attribute attribute, String key) {
    if (attribute.members().isPresent()) {
      return Optional.of(new Place.Member(attribute, key));
    }
    return attribute.entries().map(_ -> new Place.Entry(attribute, key));
  }

  /** Of a command's parameters those that say something about objects. */
  public static List<Parameter> about(CommandLine line, Set<String> ofTheCommand) {
    return line.parameters().stream()
        .filter(parameter -> {
          String stem = parameter.name().split(":", 2)[0];
          return !STANDARD.contains(stem) && !ofTheCommand.contains(stem);
        })
        .toList();
  }
}
