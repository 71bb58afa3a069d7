package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where xe finds the server and as whom it logs in, and the words that it leaves to the server.
 *
 * <p>What the command line says counts more than what the environment says ({@code XE_EXTRA_ARGS},
 * parted by commas), and that more than the file {@code ~/.xe}.
 *
 * @param server a name, an address, or the path of a unix socket; without one it is this machine's
 * @param plain whether the connection is not to be encrypted
 * @param fingerprint of the certificate that the server must have
 */
record Options(
    Optional<String> server,
    Optional<Integer> port,
    boolean plain,
    Optional<String> fingerprint,
    Optional<String> user,
    Optional<String> password,
    boolean debug,
    boolean debugOnFail,
    Wish wish,
    List<String> words) {
  private static final Map<String, String> SWITCHES =
      Map.of(
          "-s",
          "server",
          "-h",
          "server",
          "-p",
          "port",
          "-u",
          "username",
          "-pw",
          "password",
          "-pwf",
          "passwordfile",
          "--fingerprint",
          "fingerprint");
  private static final Map<String, String> FLAGS =
      Map.of("--nossl", "nossl", "--debug", "debug", "--debug-on-fail", "debugonfail");

  /** What its user wants of xe. */
  enum Wish {
    COMMAND,
    USAGE,
    VERSION
  }

  Options {
    words = List.copyOf(words);
  }

  /**
   * @throws ClientException when the words make no sense
   */
  static Options read(List<String> arguments, Map<String, String> environment) throws IOException {
    Map<String, String> known = new HashMap<>();
    List<String> words = new ArrayList<>(sort(arguments, known));
    words.addAll(sort(parted(environment.getOrDefault("XE_EXTRA_ARGS", "")), known));
    Optional<String> home = Optional.ofNullable(environment.get("HOME"));
    if (home.isPresent()) {
      words.addAll(sort(file(Path.of(home.get(), ".xe")), known));
    }
    Optional<String> user = value(known, "username");
    Optional<String> password = value(known, "password");
    Optional<String> passwordFile = value(known, "passwordfile");
    if (passwordFile.isPresent()) {
      List<String> lines = passwordFile(passwordFile.get());
      user = Optional.of(lines.get(0));
      password = Optional.of(lines.get(1));
    }
    for (String word : words) {
      if (word.indexOf('\n') >= 0) {
        throw ClientException.failed("Error: a word with a line break cannot be sent: " + word);
      }
    }
    return new Options(
        value(known, "server"),
        port(value(known, "port")),
        flag(known, "nossl"),
        value(known, "fingerprint"),
        password.isPresent() ? user.or(() -> Optional.of("root")) : user,
        password,
        flag(known, "debug"),
        flag(known, "debugonfail"),
        wish(words),
        words);
  }

  private static Wish wish(List<String> words) {
    if (words.contains("-version")) {
      return Wish.VERSION;
    }
    return words.contains("-help") || words.contains("--help") ? Wish.USAGE : Wish.COMMAND;
  }

  private static Optional<String> value(Map<String, String> known, String name) {
    return Optional.ofNullable(known.get(name)).filter(text -> !text.isEmpty());
  }

  private static boolean flag(Map<String, String> known, String name) {
    return known.getOrDefault(name, "false").equals("true");
  }

  private static Optional<Integer> port(Optional<String> text) throws ClientException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      int port = Integer.parseInt(text.get());
      if (port >= 0 && port < 1 << 16) {
        return Optional.of(port);
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw ClientException.usage("Port number must be an integer (0-65535)");
  }

  /** Takes out what is meant for xe itself; what was said before counts more. */
  private static List<String> sort(List<String> arguments, Map<String, String> known) {
    Map<String, String> here = new HashMap<>();
    List<String> left = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      int equals = word.indexOf('=');
      if (SWITCHES.containsKey(word) && i + 1 < arguments.size()) {
        i++;
        here.put(SWITCHES.get(word), arguments.get(i));
      } else if (FLAGS.containsKey(word)) {
        here.put(FLAGS.get(word), "true");
      } else if (equals > 0 && isKnown(word.substring(0, equals))) {
        here.put(word.substring(0, equals), word.substring(equals + 1));
      } else {
        left.add(word);
      }
    }
    here.forEach(known::putIfAbsent);
    return left;
  }

  private static boolean isKnown(String name) {
    return SWITCHES.containsValue(name) || FLAGS.containsValue(name);
  }

  /** Words parted by commas; a backslash makes a comma part of its word. */
  private static List<String> parted(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        word.append(text.charAt(i));
      } else if (c == ',') {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    words.removeIf(String::isEmpty);
    return words;
  }

  /** The settings of a file: {@code name=value}, one a line. */
  private static List<String> file(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return List.of();
    }
    List<String> settings = new ArrayList<>();
    for (String line : Files.readAllLines(file, UTF_8)) {
      String setting = line.strip();
      if (setting.isEmpty() || setting.startsWith("#")) {
        continue;
      }
      if (setting.indexOf('=') <= 0) {
        throw ClientException.failed("Error: " + file + " has a line without '=': " + setting);
      }
      settings.add(setting);
    }
    return settings;
  }

  private static List<String> passwordFile(String name) throws ClientException {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of(name), UTF_8);
    } catch (IOException | InvalidPathException _) {
      throw ClientException.failed("Error opening password file '" + name + "'");
    }
    if (lines.size() < 2) {
      throw ClientException.failed(
          "Error: password file format: expecting username on the first line, password on the"
              + " second line");
    }
    return lines;
  }

  @Override
  public String toString() {
    return "Options[" + server + ":" + port + ", " + user + "]";
  }
}
