package io.keelson.cli.command;

import io.keelson.cli.call.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A command and its parameters, in the order given.
 *
 * @param command its name
 * @param parameters a name may come several times
 */
public record CommandLine(String command, List<Parameter> parameters) {
  private static final Map<String, String> SWITCHES =
      Map.of("-u", "username", "-pw", "password", "-s", "server", "-h", "server", "-p", "port");

  /** A parameter: {@code name=value}, or {@code --name}, whose value is true. */
  public record Parameter(String name, String value) {}

  public CommandLine {
    parameters = List.copyOf(parameters);
  }

  /**
   * Understands words as the shell parted them.
   *
   * @throws CommandException without a command, or for a switch that is none
   */
  public static CommandLine parse(List<String> words) {
    if (words.isEmpty() || words.getFirst().isEmpty() || words.getFirst().contains("=")) {
      throw CommandException.usage("Syntax error", "command name is missing");
    }
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("--")) {
        parameters.add(new Parameter(word.substring(2), "true"));
      } else if (word.startsWith("-")) {
        String name = SWITCHES.get(word);
        if (name == null || i + 1 == words.size()) {
          throw CommandException.usage(
              "Syntax error",
              name == null ? "unknown switch " + word : "switch " + word + " requires a parameter");
        }
        i++;
        parameters.add(new Parameter(name, words.get(i)));
      } else {
        int equals = word.indexOf('=');
        parameters.add(
            equals < 0
                ? new Parameter(word, "")
                : new Parameter(word.substring(0, equals), word.substring(equals + 1)));
      }
    }
    return new CommandLine(words.getFirst(), parameters);
  }

  /** The first parameter of a name. */
  public Optional<String> get(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Parameter::value)
        .findFirst();
  }

  /** A parameter that the command cannot be without. */
  public String required(String name) {
    return get(name)
        .orElseThrow(() -> CommandException.usage("Required parameter not found", name));
  }

  /** Every parameter of a name. */
  public List<String> all(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Parameter::value)
        .toList();
  }

  /** A parameter that is true or false; false when it is not given. */
  public boolean flag(String name) {
    return get(name)
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "t", "1" -> true;
              case "false", "f", "0" -> false;
              default ->
                  throw CommandException.failed(
                      "Failed to parse parameter '%s': expecting 'true' or 'false'"
                          .formatted(name));
            })
        .orElse(false);
  }

  /** The entries of a map that is given key by key, as {@code name:key=value}. */
  public Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      if (parameter.name().startsWith(name + ":")) {
        map.put(parameter.name().substring(name.length() + 1), parameter.value());
      }
    }
    return map;
  }
}
