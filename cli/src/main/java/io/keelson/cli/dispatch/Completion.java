package io.keelson.cli.dispatch;

import io.keelson.api.ErrorCode;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Attribute;
import io.keelson.cli.record.Attribute.Trait;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a word that a user has begun can go on: what shells ask for when the tab key is pressed. The
 * parameters {@code word} are the words so far, the last of which is the begun one.
 */
final class Completion {
  private static final String WORD = "word";

  /** Parameters that take the name of an object, and of which kind it is. */
  private static final Set<String> NAMED =
      Set.of("vm", "host", "sr", "network", "template", "snapshot", "appliance");

  private final Commands commands;

  Completion(Commands commands) {
    this.commands = commands;
  }

  Command command() {
    return Command.of(
        "complete",
        List.of(WORD),
        List.of(),
        "Says how a word can go on.",
        this::complete,
        Command.Mark.HIDDEN);
  }

  private void complete(Invocation invocation) throws IOException {
    List<String> words = invocation.line().all(WORD);
    String begun = words.getLast();
    for (String word :
        candidates(invocation, words.subList(0, words.size() - 1), begun)
            .filter(word -> word.startsWith(begun))
            .collect(Collectors.toCollection(TreeSet::new))) {
      invocation.terminal().print(word);
    }
  }

  private Stream<String> candidates(Invocation invocation, List<String> before, String begun) {
    if (before.isEmpty()) {
      return names();
    }
    return switch (before.getFirst()) {
      case "help" -> names();
      case "explain" -> Arrays.stream(ErrorCode.values()).map(ErrorCode::text);
      case String name ->
          commands
              .find(name)
              .map(command ->
                  begun.indexOf('=') < 0
                      ? parameters(command, before)
                      : values(invocation, command, begun))
              .orElseGet(Stream::empty);
    };
  }

  private Stream<String> names() {
    return Stream.concat(
        Stream.of("help"),
        commands.all().stream()
            .filter(command -> !command.has(Command.Mark.HIDDEN))
            .map(Command::name));
  }

  /** The names of parameters that are not there yet. */
  private static Stream<String> parameters(Command command, List<String> before) {
    Set<String> given =
        before.stream()
            .map(word -> word.substring(0, word.indexOf('=') + 1))
            .collect(Collectors.toSet());
    Stream<String> own =
        Stream.concat(command.required().stream(), command.optional().stream())
            .map(name -> name.endsWith(":") ? name : name + "=");
    return Stream.of(own, selectors(command), Stream.of("--minimal", "--multiple", "--progress"))
        .flatMap(names -> names)
        .filter(name -> !given.contains(name));
  }

  private static Stream<String> selectors(Command command) {
    return selected(command)
        .map(kind ->
            Stream.concat(
                Stream.of(kind.name() + "="), shown(kind).map(attribute -> attribute.name() + "=")))
        .orElseGet(Stream::empty);
  }

  /** The kind of object that a command's parameters select. */
  private static Optional<RecordKind> selected(Command command) {
    if (command.has(Command.Mark.VM_SELECTORS)) {
      return Optional.of(RecordKinds.VM);
    }
    if (command.has(Command.Mark.HOST_SELECTORS)) {
      return Optional.of(RecordKinds.HOST);
    }
    return command.has(Command.Mark.SR_SELECTORS) ? Optional.of(RecordKinds.SR) : Optional.empty();
  }

  /** What a parameter can be, with its name before it. */
  private static Stream<String> values(Invocation invocation, Command command, String begun) {
    int equals = begun.indexOf('=');
    String name = begun.substring(0, equals);
    String value = begun.substring(equals + 1);
    Optional<RecordKind> own = kindOf(command.name()).or(() -> selected(command));
    Stream<String> values =
        switch (name) {
          case "params" -> listed(own, value);
          case "param-name" -> own.stream().flatMap(Completion::shown).map(Attribute::name);
          case "uuid" -> of(invocation, own, "uuid");
          case "on" -> of(invocation, kind("host"), "name-label");
          case "sr-name-label" -> of(invocation, kind("sr"), "name-label");
          default -> value(invocation, command, own, name);
        };
    return values.map(text -> name + "=" + text);
  }

  private static Stream<String> value(
      Invocation invocation, Command command, Optional<RecordKind> own, String name) {
    if (name.endsWith("-uuid")) {
      return of(invocation, kind(name.substring(0, name.length() - "-uuid".length())), "uuid");
    }
    if (NAMED.contains(name)) {
      return Stream.concat(
          of(invocation, kind(name), "name-label"), of(invocation, kind(name), "uuid"));
    }
    boolean looksFor = command.name().endsWith("-list") || selected(command).isPresent();
    return looksFor ? of(invocation, selected(command).or(() -> own), name) : Stream.empty();
  }

  /** Several parameters parted by commas: those before the last stay as they are. */
  private static Stream<String> listed(Optional<RecordKind> kind, String value) {
    String before = value.substring(0, value.lastIndexOf(',') + 1);
    return Stream.concat(
            Stream.of("all"), kind.stream().flatMap(Completion::shown).map(Attribute::name))
        .map(name -> before + name);
  }

  /** What an attribute is now, of all the objects of a kind. */
  private static Stream<String> of(
      Invocation invocation, Optional<RecordKind> kind, String attribute) {
    return kind.flatMap(known -> known.find(attribute))
        .filter(known -> !known.has(Trait.EXPENSIVE))
        .map(known ->
            new Filter(kind.get())
                .select(kind.get().all(invocation.objects()), filters(kind.get())).stream()
                    .map(known::of)
                    .filter(text -> !text.isEmpty() && text.indexOf('\n') < 0))
        .orElseGet(Stream::empty);
  }

  private static Collection<CommandLine.Parameter> filters(RecordKind kind) {
    return kind.filters().entrySet().stream()
        .map(filter -> new CommandLine.Parameter(filter.getKey(), filter.getValue()))
        .toList();
  }

  private static Stream<Attribute> shown(RecordKind kind) {
    return kind.attributes().stream().filter(attribute -> !attribute.has(Trait.HIDDEN));
  }

  private static Optional<RecordKind> kind(String name) {
    return RecordKinds.ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** The kind whose name a command begins with: the longest, as some begin like others. */
  private static Optional<RecordKind> kindOf(String command) {
    return RecordKinds.ALL.stream()
        .filter(kind -> command.startsWith(kind.name() + "-"))
        .max(Comparator.comparingInt(kind -> kind.name().length()));
  }
}
