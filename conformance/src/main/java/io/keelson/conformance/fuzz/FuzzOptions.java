package io.keelson.conformance.fuzz;

import io.keelson.conformance.fuzz.wire.Door;
import io.keelson.conformance.rpc.AnyCertificate;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run is told.
 *
 * @param tls where the server is reached over TLS too
 * @param requests how many are sent, about
 * @param corpus a folder of more requests, which gets those that find something
 * @param only the one number to send
 * @param pid the server's process, whose heap is measured
 * @param log the server's log, which is looked at
 * @param patience how long an answer may take
 */
public record FuzzOptions(
    URI url,
    Optional<URI> tls,
    String user,
    long requests,
    long seed,
    Optional<Path> corpus,
    OptionalLong only,
    OptionalLong pid,
    Optional<Path> log,
    int threads,
    Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Reads the words after the command.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static FuzzOptions parse(List<String> words) {
    Deque<String> rest = new ArrayDeque<>(words);
    Optional<URI> url = Optional.empty();
    Optional<URI> tls = Optional.empty();
    String user = "root";
    long requests = 50_000;
    long seed = 1;
    Optional<Path> corpus = Optional.empty();
    OptionalLong only = OptionalLong.empty();
    OptionalLong pid = OptionalLong.empty();
    Optional<Path> log = Optional.empty();
    int threads = 8;
    while (!rest.isEmpty()) {
      String word = rest.pop();
      switch (word) {
        case "--tls" -> tls = Optional.of(address(value(word, rest), "https"));
        case "--user" -> user = value(word, rest);
        case "--requests" -> requests = number(word, rest);
        case "--seed" -> seed = number(word, rest);
        case "--corpus" -> corpus = Optional.of(Path.of(value(word, rest)));
        case "--only" -> only = OptionalLong.of(number(word, rest));
        case "--pid" -> pid = OptionalLong.of(number(word, rest));
        case "--log" -> log = Optional.of(Path.of(value(word, rest)));
        case "--threads" -> threads = Math.clamp(number(word, rest), 1, 256);
        case String option when option.startsWith("-") ->
            throw new IllegalArgumentException("no option " + option);
        case String address -> url = Optional.of(address(address, "http"));
      }
    }
    return new FuzzOptions(
        url.orElseThrow(() -> new IllegalArgumentException("the address of a server is needed")),
        tls,
        user,
        requests,
        seed,
        corpus,
        only,
        pid,
        log,
        threads,
        PATIENCE);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.pop();
  }

  private static long number(String option, Deque<String> rest) {
    String text = value(option, rest);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(option + " takes a number, not " + text);
    }
  }

  private static URI address(String text, String scheme) {
    URI url = URI.create(text.contains("://") ? text : scheme + "://" + text);
    if (url.getHost() == null || !url.getScheme().equals(scheme)) {
      throw new IllegalArgumentException(
          "no address of a server that begins " + scheme + ": " + text);
    }
    return url.resolve("/");
  }

  /** Where requests are sent: to each in turn. */
  List<Door> doors() {
    Door plain = Door.plain(at(url, 80));
    return tls.map(url -> List.of(plain, Door.tls(at(url, 443), AnyCertificate.context())))
        .orElse(List.of(plain));
  }

  private static InetSocketAddress at(URI url, int usual) {
    return new InetSocketAddress(url.getHost(), url.getPort() < 0 ? usual : url.getPort());
  }
}
