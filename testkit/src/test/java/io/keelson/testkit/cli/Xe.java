package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.client.Client;
import io.keelson.testkit.box.ServerBox;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real xe, in this process: nobody sits at a terminal, and no file of settings is read. */
final class Xe {
  /** How a command ended, and what was seen of it. */
  record Shown(int status, String output, String errors) {}

  private final List<String> options;
  private final Map<String, String> environment;
  private final String input;

  private Xe(List<String> options, Map<String, String> environment, String input) {
    this.options = options;
    this.environment = environment;
    this.input = input;
  }

  /** As root, by password. */
  static Xe of(ServerBox box) {
    return at(box, "username=root", "password=" + ServerBox.PASSWORD);
  }

  /** As whomever the words say. */
  private static Xe at(ServerBox box, String... login) {
    List<String> server =
        List.of("-s", box.api().getHost(), "-p", "" + box.api().getPort(), "--nossl");
    return with(Map.of(), Stream.concat(server.stream(), Stream.of(login)).toList());
  }

  /** With options and variables of its own. */
  static Xe with(Map<String, String> environment, List<String> options) {
    return new Xe(options, environment, "");
  }

  /** As somebody else, or nobody. */
  Xe as(String... login) {
    List<String> server =
        options.stream()
            .filter(word -> !word.startsWith("username=") && !word.startsWith("password="))
            .toList();
    return new Xe(Stream.concat(server.stream(), Stream.of(login)).toList(), environment, input);
  }

  /** With a user who types these lines. */
  Xe typing(String... lines) {
    return new Xe(options, environment, String.join("\n", lines) + "\n");
  }

  /** Runs a command that must succeed, and say nothing beside its output. */
  String ok(String... words) {
    Shown shown = run(words);
    if (shown.status() != 0 || !shown.errors().isEmpty()) {
      throw new AssertionError(List.of(words) + ": " + shown);
    }
    return shown.output();
  }

  /** {@link #ok} for a command that prints one line. */
  String line(String... words) {
    return ok(words).strip();
  }

  /** Runs a command that must fail and print nothing; gives what it says of the error. */
  String refusal(String... words) {
    Shown shown = run(words);
    if (shown.status() == 0 || !shown.output().isEmpty()) {
      throw new AssertionError(List.of(words) + ": " + shown);
    }
    return shown.errors();
  }

  Shown run(String... words) {
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    int status =
        Client.run(
            Stream.concat(Stream.of(words), options.stream()).toList(),
            environment,
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            output,
            errors);
    return new Shown(status, output.toString(UTF_8), errors.toString(UTF_8));
  }
}
