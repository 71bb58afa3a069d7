package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Exchange;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Hears all calls of a run, and keeps of each message the most telling one in each format. */
public final class Recorder implements Exchange.Listener {
  private static final String ASYNC = "Async.";

  private final Surface surface;
  private final Kept successes = new Kept();
  private final Kept failures = new Kept();
  private final ObjectClasses classes;
  private String password = "";

  public Recorder(Surface surface) {
    this.surface = surface;
    this.classes = new ObjectClasses(surface);
  }

  /** Keeps a password out of the examples, wherever it was sent. */
  public synchronized void hide(String secret) {
    password = secret;
  }

  @Override
  public synchronized void heard(Exchange exchange) {
    classes.learn(exchange);
    switch (exchange.answer()) {
      case Answer.Success _ -> successes.see(exchange, Worth.ofSuccess(exchange));
      case Answer.Failure failure -> failures.see(exchange, Worth.ofFailure(failure));
      case Answer.Garbled _ -> {}
    }
  }

  /**
   * One for each message of its own; one for each class and kind of those that follow from fields;
   * and an asynchronous call.
   */
  public synchronized List<Example> examples() {
    List<Example> all = new ArrayList<>();
    for (Message message : surface.messages()) {
      if (!message.implicit()) {
        of(successes, message.wireName(), true)
            .or(() -> of(failures, message.wireName(), false))
            .ifPresent(all::add);
      }
    }
    kinds()
        .values()
        .forEach(names ->
            best(names.stream()).flatMap(name -> of(successes, name, true)).ifPresent(all::add));
    best(successes.names().filter(name -> name.startsWith(ASYNC)))
        .flatMap(name -> of(successes, name, true))
        .ifPresent(all::add);
    return all;
  }

  /** The implicit messages of a class that do alike. */
  private Map<String, List<String>> kinds() {
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    surface.messages().stream()
        .filter(Message::implicit)
        .forEach(m ->
            kinds
                .computeIfAbsent(m.apiClass() + " " + m.kind(), _ -> new ArrayList<>())
                .add(m.wireName()));
    return kinds;
  }

  /** The first of those whose calls say most. */
  private Optional<String> best(Stream<String> names) {
    return names.max(Comparator.comparingInt(successes::worth)); // the first of equals
  }

  private Optional<Example> of(Kept kept, String name, boolean success) {
    Map<Format, Example.Pair> pairs = new EnumMap<>(Format.class);
    kept.of(name).forEach((format, one) -> pairs.put(format, pair(one)));
    return pairs.isEmpty() ? Optional.empty() : Optional.of(new Example(name, success, pairs));
  }

  private Example.Pair pair(Exchange exchange) {
    StandIns standIns = new StandIns(classes, password);
    return new Example.Pair(
        Cut.REQUESTS.of(exchange.format(), standIns.in(exchange.request())),
        Cut.REPLIES.of(exchange.format(), standIns.in(exchange.reply())));
  }

  /** The best call of each message and format. */
  private static final class Kept {
    private record Rated(Exchange exchange, int worth) {}

    private final Map<String, Map<Format, Rated>> all = new HashMap<>();

    void see(Exchange exchange, int worth) {
      all.computeIfAbsent(exchange.method(), _ -> new EnumMap<>(Format.class))
          .merge(
              exchange.format(),
              new Rated(exchange, worth),
              (old, seen) -> seen.worth() > old.worth() ? seen : old);
    }

    Stream<String> names() {
      return all.keySet().stream().sorted();
    }

    int worth(String name) {
      return all.getOrDefault(name, Map.of()).values().stream().mapToInt(Rated::worth).sum();
    }

    Map<Format, Exchange> of(String name) {
      Map<Format, Exchange> found = new EnumMap<>(Format.class);
      all.getOrDefault(name, Map.of()).forEach((format, one) -> found.put(format, one.exchange()));
      return found;
    }
  }
}
