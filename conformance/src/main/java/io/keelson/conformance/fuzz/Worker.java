package io.keelson.conformance.fuzz;

import io.keelson.conformance.fuzz.make.Generator;
import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.wire.Client;
import io.keelson.conformance.fuzz.wire.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/** Sends what the generator makes, on a connection of its own. */
final class Worker implements AutoCloseable {
  /** What all workers of a run share. */
  record Shared(
      Generator generator,
      Findings findings,
      TaskWatch tasks,
      Corpus corpus,
      LongAdder sent,
      Map<String, LongAdder> codes) {
    Shared(Generator generator, Findings findings, TaskWatch tasks, Corpus corpus) {
      this(generator, findings, tasks, corpus, new LongAdder(), new ConcurrentHashMap<>());
    }
  }

  private final Shared shared;
  private final Client client;
  private final BiFunction<Request, Verdict, Optional<String>> judge;
  private String before = "nothing";
  private final AtomicLong since = new AtomicLong(Long.MAX_VALUE);

  /**
   * @param judge says what else is wrong with what a request came to
   */
  Worker(Shared shared, Client client, BiFunction<Request, Verdict, Optional<String>> judge) {
    this.shared = shared;
    this.client = client;
    this.judge = judge;
  }

  /** Goes through numbers for as long as there are any; below zero there are none. */
  void run(LongSupplier numbers) {
    for (long number = numbers.getAsLong(); number >= 0; number = numbers.getAsLong()) {
      row(Long.toString(number), shared.generator().of(number));
    }
  }

  /** Sends requests in a row. */
  void row(String where, List<Request> requests) {
    List<String> got = new ArrayList<>();
    for (Request request : requests) {
      since.set(System.nanoTime());
      try {
        Verdict verdict = client.send(request, got);
        shared.codes().computeIfAbsent(verdict.code(), _ -> new LongAdder()).increment();
        verdict
            .objection()
            .or(() -> judge.apply(request, verdict))
            .ifPresent(what -> found(where, request, what + " (behind " + before + ")"));
        before = where + " " + request.about();
        if (request.about().startsWith("Async.") && !request.mayWait()) {
          verdict.reference().ifPresent(task -> shared.tasks().started(task, where));
        }
      } catch (IOException e) {
        found(where, request, "no connection: " + e.getMessage());
      } finally {
        since.set(Long.MAX_VALUE);
        shared.sent().increment();
      }
    }
  }

  private void found(String where, Request request, String what) {
    if (shared.findings().add(new Finding(where, what, Optional.of(request)))) {
      shared.corpus().keep(where, request);
    }
  }

  /** Ends a request that has been under way for longer, one that cannot even be sent for one. */
  void endIfBefore(long nanoTime) {
    if (since.get() != Long.MAX_VALUE && since.get() - nanoTime < 0) {
      client.close();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
