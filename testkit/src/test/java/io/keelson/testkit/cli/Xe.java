package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What xe does at a terminal, for tests: it sends a command and shows what the server says. */
final class Xe {
  private static final int PATIENCE_MILLIS = 60_000;

  /** How a command ended, and what was seen of it. */
  record Shown(int status, String output, String errors) {}

  private final ServerBox box;
  private final List<String> login;

  private Xe(ServerBox box, List<String> login) {
    this.box = box;
    this.login = login;
  }

  /** As root. */
  static Xe of(ServerBox box) {
    return new Xe(box, List.of("username=root", "password=" + ServerBox.PASSWORD));
  }

  /** As somebody else, or nobody. */
  Xe as(String... words) {
    return new Xe(box, List.of(words));
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

  Shown run(String... words) {
    List<String> lines = new ArrayList<>(Arrays.asList(words));
    lines.addAll(login);
    byte[] body = String.join("\n", lines).getBytes(UTF_8);
    try (Socket socket = new Socket(box.api().getHost(), box.api().getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String head =
          "POST /cli HTTP/1.0\r\nUser-agent: xe-cli/Unix/0.2\r\ncontent-length: %d\r\n\r\n"
              .formatted(body.length);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body);
      ThinChannel channel = new ThinChannel(socket.getInputStream(), socket.getOutputStream());
      channel.awaitGreeting();
      channel.greet();
      return listen(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Shown listen(ThinChannel channel) throws IOException {
    StringBuilder output = new StringBuilder();
    StringBuilder errors = new StringBuilder();
    while (true) {
      switch (channel.receive()) {
        case Message.Print(String text) -> output.append(text).append('\n');
        case Message.PrintError(String text) -> errors.append(text);
        case Message.Exit(int status) -> {
          return new Shown(status, output.toString(), errors.toString());
        }
        case Message other -> throw new AssertionError("not expected: " + other);
      }
    }
  }
}
