package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.RawConnection;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Surface;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import tools.jackson.databind.JsonNode;

/** Runs the steps of one case in one format. */
final class CaseRun {
  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Map<String, List<Step>> fixtures;
  private final Marks marks;
  private final Lent lent;
  private final FileSteps files;
  private final Traces traces;
  private final Clock time;
  private final Map<String, FutureTask<Answer>> background = new HashMap<>();
  private final Map<String, RawConnection> held = new HashMap<>();
  private final Scope scope = new Scope(this::fixture);
  private final Results results;

  /**
   * @param longest after which it goes no further
   */
  CaseRun(
      Surface surface,
      Tally tally,
      Session root,
      Map<String, List<Step>> fixtures,
      Marks marks,
      Loans loans,
      Duration longest) {
    this.lent = new Lent(loans);
    this.files = new FileSteps(loans);
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.fixtures = fixtures;
    this.marks = marks;
    this.traces = new Traces(root);
    this.results = new Results(surface, tally, root.format(), scope, traces);
    this.time = new Clock(longest);
  }

  void steps(List<Step> steps) throws Stop {
    for (Step step : steps) {
      if (time.isOver()) {
        throw new Stop.Wrong("it took too long before " + step.yaml());
      }
      run(step);
    }
  }

  /** The value of a variable, made first if need be. */
  JsonNode value(String name) throws Stop {
    return scope.resolve(Values.text("$" + name));
  }

  /** Takes back what the steps have done. */
  void undo() {
    held.values().forEach(RawConnection::close);
    traces.undo();
    background.values().forEach(CaseRun::end);
  }

  /** {@code vm2} is another {@code vm}. */
  private Optional<JsonNode> fixture(String name) throws Stop {
    Optional<JsonNode> mark = marks.named(name, root);
    if (mark.isPresent()) {
      return mark;
    }
    Optional<JsonNode> loan = lent.named(name, root);
    if (loan.isPresent()) {
      return loan;
    }
    List<Step> steps =
        fixtures.getOrDefault(
            name, fixtures.getOrDefault(name.replaceFirst("\\d+$", ""), List.of()));
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    Optional<JsonNode> outer = scope.known("it");
    steps(steps);
    JsonNode made = scope.known("it").orElseThrow();
    outer.ifPresent(it -> scope.set("it", it));
    return Optional.of(made);
  }

  private void run(Step step) throws Stop {
    if (step.has("let")) {
      for (Map.Entry<String, JsonNode> one : step.get("let").orElseThrow().properties()) {
        scope.set(one.getKey(), scope.resolve(one.getValue()));
      }
      return;
    }
    if (step.has("times")) {
      for (int i = step.yaml().path("times").asInt(); i > 0; i--) {
        steps(step.inner());
      }
      return;
    }
    for (String key : FileSteps.KEYS) {
      if (step.has(key)) {
        file(step, key);
        return;
      }
    }
    if (step.has("later")) {
      later(step);
      return;
    }
    if (step.has("hold")) {
      held.put(step.text("hold"), Requests.held(root.server(), step, scope));
      return;
    }
    if (step.has("drop")) {
      Optional.ofNullable(held.get(step.text("drop"))).orElseThrow().close();
      return;
    }
    try {
      JsonNode value = result(step);
      if (!step.has("error")) {
        results.keep(step, value);
      }
      if (step.has("gone")) {
        awaitEnd(step);
      }
    } catch (Stop.Wrong e) {
      subject(step).ifPresent(s -> tally.failed(s, e.why()));
      throw e;
    } catch (Stop.Refused e) {
      subject(step).ifPresent(s -> tally.refuses(s, e.why()));
      throw e;
    }
    subject(step).ifPresent(tally::passed);
  }

  private void later(Step step) throws Stop {
    JsonNode call = scope.resolve(step.get("call").orElseThrow());
    Session session = session(step);
    FutureTask<Answer> coming =
        new FutureTask<>(
            () -> session.answer(call.path(0).asString(), call.valueStream().skip(1).toList()));
    background.put(step.text("later"), coming);
    Thread.ofVirtual().start(coming);
  }

  /** What a call came to that was not waited for; every call ends, since patience does. */
  private static Answer end(FutureTask<Answer> coming) {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      return new Answer.Garbled(String.valueOf(e.getCause()));
    }
  }

  private Session session(Step step) throws Stop {
    if (step.has("on")) {
      return lent.second(root);
    }
    return step.has("by")
        ? new Session(root.server(), root.format(), scope.resolve(step.get("by").orElseThrow()))
        : root;
  }

  private void file(Step step, String key) throws Stop {
    Session session = step.has("on") ? lent.second(root) : root;
    JsonNode value = files.run(key, scope.resolve(step.get(key).orElseThrow()), session);
    Optional<String> objection = results.objection(step, value);
    if (objection.isPresent()) {
      throw new Stop.Wrong(step.yaml() + ": " + objection.orElseThrow());
    }
    results.keep(step, value);
  }

  /** What the step measures: the success of its message, or one of the message's errors. */
  private Optional<Subject> subject(Step step) {
    if (step.has("on") && !step.has("refusal") && !step.has("error")) {
      return Optional.empty(); // what only prepares the second server says nothing of the first
    }
    return step.method()
        .flatMap(method -> {
          if (!step.has("error")) {
            return surface
                .message(method)
                .map(m -> Subject.of(m.implicit() ? Kind.IMPLICIT : Kind.METHOD, method))
                .filter(tally::expects);
          }
          String code = step.get("error").orElseThrow().path(0).asString();
          return Optional.of(Subject.of(Kind.ERROR, method + " " + code)).filter(tally::expects);
        });
  }

  /** What the step comes to, which is asked for again while that may be otherwise. */
  private JsonNode result(Step step) throws Stop {
    Clock clock = new Clock(Duration.ofSeconds(step.yaml().path("within").asInt(0)));
    while (true) {
      Answer answer = answer(step);
      if (isRefused(step, "unless", answer)) {
        throw new Stop.Lacking(step.text("need"));
      }
      if (isRefused(step, "refusal", answer)) {
        throw new Stop.Refused(step.text("why"));
      }
      Optional<String> objection = results.objection(step, answer);
      if (objection.isEmpty()) {
        return answer instanceof Answer.Success(JsonNode value) ? value : Values.text("");
      }
      if (!step.has("within") || time.isOver() || !clock.goesOn()) {
        if (step.has("need") && (step.has("within") || answer instanceof Answer.Success)) {
          throw new Stop.Lacking(step.text("need"));
        }
        throw new Stop.Wrong(asked(step) + ": " + objection.orElseThrow());
      }
    }
  }

  private String asked(Step step) throws Stop {
    for (String kind : List.of("call", "http")) {
      if (step.has(kind)) {
        return scope.resolve(step.get(kind).orElseThrow()).toString();
      }
    }
    return step.text("see");
  }

  private Answer answer(Step step) throws Stop {
    if (step.has("see")) {
      return new Answer.Success(scope.resolve(step.get("see").orElseThrow()));
    }
    if (step.has("end")) {
      return end(Optional.ofNullable(background.get(step.text("end"))).orElseThrow());
    }
    if (step.has("http")) {
      return Requests.answer(root.server(), step, scope);
    }
    Answer answer = called(step);
    if (answer.isError("NOT_IMPLEMENTED")) {
      Stop lacking = new Stop.Lacking(step.method().orElseThrow());
      step.method()
          .flatMap(surface::message)
          .map(m -> Subject.of(Kind.METHOD, m.wireName()))
          .ifPresent(s -> tally.missing(s, "it says that it lacks it"));
      throw lacking;
    }
    return answer;
  }

  private Answer called(Step step) throws Stop {
    JsonNode call = scope.resolve(step.get("call").orElseThrow());
    String method = call.path(0).asString();
    List<JsonNode> parameters = call.valueStream().skip(1).toList();
    Answer answer =
        step.has("bare")
            ? root.server().call(root.format(), method, parameters)
            : session(step).answer(method, parameters);
    if (step.has("task") && answer instanceof Answer.Success(JsonNode task)) {
      scope.set("task", task);
      traces.add("task.destroy", List.of(task));
      return Tasks.outcome(root, task, step.text("task"), time);
    }
    return answer;
  }

  private void awaitEnd(Step step) throws Stop {
    Clock clock = new Clock(Duration.ofSeconds(step.yaml().path("gone").asInt()));
    while (!(root.server().call(root.format(), "system.listMethods", List.of())
        instanceof Answer.Garbled)) {
      if (!clock.goesOn()) {
        throw new Stop.Wrong("the server goes on to answer");
      }
    }
  }

  /** Whether the answer is the error that the step has under a key. */
  private boolean isRefused(Step step, String key, Answer answer) throws Stop {
    return step.has(key)
        && answer instanceof Answer.Failure(List<String> error)
        && Expectation.isError(scope.resolve(step.get(key).orElseThrow()), error);
  }
}
