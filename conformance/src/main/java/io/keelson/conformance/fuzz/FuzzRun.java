package io.keelson.conformance.fuzz;

import io.keelson.conformance.fuzz.make.Backups;
import io.keelson.conformance.fuzz.make.Generator;
import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.wire.Client;
import io.keelson.conformance.fuzz.wire.Door;
import io.keelson.conformance.fuzz.wire.Oracle;
import io.keelson.conformance.fuzz.wire.Verdict;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Server;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One run against one server: the corpus first, then the requests of a seed in four parts, with
 * everything tidied away and the heap measured after each, and at last the server's own check of
 * what it keeps.
 */
public final class FuzzRun {
  private static final long TIDIED_EVERY = 6000;
  private static final int LEFT = 24;
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
  private static final int QUARTERS = 4;
  private static final long HEAP_MAY_GROW = 16L << 20;

  private final FuzzOptions options;
  private final PrintStream out;
  private final String password;
  private final Findings findings;
  private final Live live;
  private final Surface surface;
  private final TaskWatch tasks;
  private final Worker.Shared shared;
  private final List<Worker> workers;
  private final Server server;
  private volatile Optional<People> people = Optional.empty();
  private volatile Backups backups = new Backups("");
  private volatile String roles = "";
  private final AtomicLong next = new AtomicLong();
  private final List<Long> heaps = new ArrayList<>();

  /**
   * @param out told of what is found when it is
   */
  public FuzzRun(FuzzOptions options, String password, PrintStream out) {
    this.options = options;
    this.out = out;
    this.password = password;
    Model model = Model.load();
    this.surface = new Surface(model);
    this.findings = new Findings(out);
    this.live = new Live(surface);
    Oracle oracle =
        new Oracle(
            model.errors().stream().map(e -> e.wireText()).collect(Collectors.toUnmodifiableSet()));
    this.tasks = new TaskWatch(oracle, findings);
    this.shared =
        new Worker.Shared(
            new Generator(surface, options.seed()),
            findings,
            tasks,
            new Corpus(options.corpus(), options.seed()));
    this.server = new Server(options.url(), false, options.patience());
    List<Door> doors = options.doors();
    this.workers =
        IntStream.range(0, options.threads())
            .mapToObj(i -> doors.get(i % doors.size()))
            .map(door -> new Client(door, oracle, options.patience(), this::known))
            .map(client -> new Worker(shared, client, this::trespass))
            .toList();
  }

  private Optional<String> known(String name) {
    return people
        .flatMap(p -> p.named(name))
        .or(() -> backups.named(name))
        .or(() -> live.find(name));
  }

  /** Sends everything and looks at everything. */
  public FuzzReport run() throws IOException, LoginException, InterruptedException {
    long started = System.nanoTime();
    long logged = options.log().isPresent() ? Files.size(options.log().orElseThrow()) : 0;
    try (People all = new People(server, options.user(), password)) {
      people = Optional.of(all);
      Session tidier = all.tidier();
      roles = all.told();
      backups = new Backups(backup(tidier));
      live.given(tidier);
      live.refresh(tidier);
      if (options.only().isPresent()) {
        long number = options.only().orElseThrow();
        workers.getFirst().row(Long.toString(number), shared.generator().of(number));
      } else {
        List<Request> kept = shared.corpus().all();
        kept.forEach(r -> workers.getFirst().row(r.about(), List.of(r)));
        for (int quarter = 1; quarter < QUARTERS; quarter++) {
          drive(options.requests() * quarter / QUARTERS, all);
          quiesce(tidier);
        }
        drive(options.requests(), all);
      }
      quiesce(tidier);
      check(tidier);
    }
    workers.forEach(Worker::close);
    server.close();
    if (options.log().isPresent()) {
      ServerLog.complaints(options.log().orElseThrow(), logged)
          .forEach(line -> findings.add(Finding.of("the log", line)));
    }
    return report((System.nanoTime() - started) / 1e9);
  }

  /** What the server itself would restore; nothing where it makes no backups. */
  private String backup(Session session) throws IOException {
    Path file = Files.createTempFile("keelson-fuzz", ".tar");
    try {
      String path = "/host_backup?session_id=" + session.reference().asString("");
      int status = server.fetch(path, file).statusCode();
      return status == 200 ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } finally {
      Files.delete(file);
    }
  }

  private Optional<String> trespass(Request request, Verdict verdict) {
    return people.flatMap(p -> p.trespass(surface, request, verdict));
  }

  /** Has all workers send until so many requests have been sent in all. */
  private void drive(long until, People people) throws LoginException, InterruptedException {
    List<Thread> threads =
        workers.stream()
            .map(w ->
                Thread.ofPlatform()
                    .start(() ->
                        w.run(() -> shared.sent().sum() < until ? next.getAndIncrement() : -1)))
            .toList();
    long tidied = shared.sent().sum();
    for (Thread thread : threads) {
      while (!thread.join(Duration.ofMillis(200))) {
        long late = System.nanoTime() - options.patience().multipliedBy(2).toNanos();
        workers.forEach(w -> w.endIfBefore(late));
        if (shared.sent().sum() - tidied >= TIDIED_EVERY) {
          tidied = shared.sent().sum();
          tasks.look(people.tidier());
          new Tidying(surface, live, people.tidier()).run(LEFT);
          people.renew();
        }
      }
    }
  }

  private void quiesce(Session tidier) throws IOException, InterruptedException {
    tasks.settle(tidier, SETTLED_WITHIN);
    new Tidying(surface, live, tidier).run(0);
    if (options.pid().isPresent()) {
      Heap.live(options.pid().orElseThrow()).ifPresent(heaps::add);
    }
  }

  private void check(Session tidier) throws IOException {
    HttpResponse<String> checked =
        server.send(
            "GET",
            "/consistency",
            Map.of("Cookie", "session_id=" + tidier.reference().asString("")),
            "");
    if (checked.statusCode() == 404) {
      out.println("the server has no check of what it keeps");
    } else if (checked.statusCode() != 200) {
      checked.body().lines().forEach(line -> findings.add(Finding.of("the check", line)));
    }
    if (heaps.size() == QUARTERS && growth(heaps) > HEAP_MAY_GROW) {
      findings.add(Finding.of("the heap", "it grew: " + heaps));
    }
  }

  /** What the journal keeps until its next snapshot comes and goes, so that the least counts. */
  private static long growth(List<Long> heaps) {
    List<Long> later = heaps.subList(QUARTERS / 2, QUARTERS);
    List<Long> earlier = heaps.subList(0, QUARTERS / 2);
    return Collections.min(later) - Collections.min(earlier);
  }

  private FuzzReport report(double seconds) {
    Map<String, Long> codes = new TreeMap<>();
    shared.codes().forEach((code, count) -> codes.put(code, count.sum()));
    return new FuzzReport(
        options.seed(),
        shared.sent().sum(),
        seconds,
        findings.count(),
        findings.texts(),
        List.copyOf(heaps),
        codes,
        options.doors().size(),
        roles);
  }
}
