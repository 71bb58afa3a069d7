package io.keelson.cli.command;

import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.record.Objects;
import java.util.List;
import java.util.Optional;

/** A command under way. */
public record Invocation(
    CommandLine line, Api api, Objects objects, Printer printer, Terminal terminal) {

  /** Calls a message with references and texts. */
  public Value call(String message, String... texts) {
    return api.call(message, texts);
  }

  public Value call(String message, List<Value> parameters) {
    return api.call(message, parameters);
  }

  /** A parameter that the command cannot be without. */
  public String required(String name) {
    return line.required(name);
  }

  public Optional<String> get(String name) {
    return line.get(name);
  }

  public boolean flag(String name) {
    return line.flag(name);
  }
}
