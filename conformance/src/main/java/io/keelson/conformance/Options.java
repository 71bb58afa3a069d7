package io.keelson.conformance;

import io.keelson.conformance.rpc.Format;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a run is told.
 *
 * @param passwordFile where the password is; else the environment has it, or somebody types it
 * @param report where the report goes as JSON
 * @param record a folder that gets examples of calls
 * @param roles a file that names a user of each role
 * @param directory the address of this machine on which the server reaches what it is lent
 * @param data the server's data folder, where that is on this machine and may be written to
 * @param second another server that lets the same user in, and may come to be of another pool
 * @param only of the cases, those whose names have this in them, or one of several with | between
 * @param classes of the API, those that are measured; empty for all
 * @param patience how long a call may take
 * @param yes whether to run where others have VMs
 * @param expendable whether hosts may be rebooted, leave the pool, and the server start anew
 * @param everything whether the text tells of every message
 */
public record Options(
    URI url,
    String user,
    Optional<Path> passwordFile,
    Optional<Path> report,
    Optional<Path> record,
    Optional<Path> roles,
    Optional<String> directory,
    Optional<Path> data,
    Optional<URI> second,
    List<Format> formats,
    String only,
    Set<String> classes,
    Duration patience,
    boolean yes,
    boolean anyCertificate,
    boolean expendable,
    boolean everything) {

  /** Whether a case of that name is to run. */
  public boolean wants(String name) {
    return Stream.of(only.split("\\|", -1)).anyMatch(name::contains);
  }

  /**
   * Reads the words after the command.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static Options parse(List<String> words) {
    Deque<String> rest = new ArrayDeque<>(words);
    Optional<URI> url = Optional.empty();
    String user = "root";
    Optional<Path> passwordFile = Optional.empty();
    Optional<Path> report = Optional.empty();
    Optional<Path> record = Optional.empty();
    Optional<Path> roles = Optional.empty();
    Optional<String> directory = Optional.empty();
    Optional<Path> data = Optional.empty();
    Optional<URI> second = Optional.empty();
    List<Format> formats = List.of(Format.values());
    String only = "";
    Set<String> classes = Set.of();
    Duration patience = Duration.ofMinutes(2);
    boolean yes = false;
    boolean anyCertificate = false;
    boolean expendable = false;
    boolean everything = false;
    while (!rest.isEmpty()) {
      String word = rest.pop();
      switch (word) {
        case "--user" -> user = value(word, rest);
        case "--password-file" -> passwordFile = Optional.of(Path.of(value(word, rest)));
        case "--report" -> report = Optional.of(Path.of(value(word, rest)));
        case "--record" -> record = Optional.of(Path.of(value(word, rest)));
        case "--roles" -> roles = Optional.of(Path.of(value(word, rest)));
        case "--directory" -> directory = Optional.of(value(word, rest));
        case "--data" -> data = Optional.of(Path.of(value(word, rest)).toAbsolutePath());
        case "--second" -> second = Optional.of(address(value(word, rest)));
        case "--format" -> formats = formats(value(word, rest));
        case "--only" -> only = value(word, rest);
        case "--class" -> classes = Set.of(value(word, rest).split(","));
        case "--patience" -> patience = seconds(value(word, rest));
        case "--yes" -> yes = true;
        case "--any-certificate" -> anyCertificate = true;
        case "--expendable" -> expendable = true;
        case "--everything" -> everything = true;
        case String option when option.startsWith("-") ->
            throw new IllegalArgumentException("no option " + option);
        case String address -> url = Optional.of(address(address));
      }
    }
    return new Options(
        url.orElseThrow(() -> new IllegalArgumentException("the address of a server is needed")),
        user,
        passwordFile,
        report,
        record,
        roles,
        directory,
        data,
        second,
        formats,
        only,
        classes,
        patience,
        yes,
        anyCertificate,
        expendable,
        everything);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.pop();
  }

  private static Duration seconds(String text) {
    if (!text.matches("[1-9]\\d{0,4}")) {
      throw new IllegalArgumentException("--patience is a number of seconds, not " + text);
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  private static List<Format> formats(String text) {
    List<Format> found = Stream.of(Format.values()).filter(f -> f.text().equals(text)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("--format is json or xml, not " + text);
    }
    return found;
  }

  private static URI address(String text) {
    URI url = URI.create(text.contains("://") ? text : "https://" + text);
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw new IllegalArgumentException("no address of a server: " + text);
    }
    return url.resolve("/");
  }
}
