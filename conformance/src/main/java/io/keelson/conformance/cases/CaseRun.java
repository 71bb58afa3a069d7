package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.RawConnection;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Runs the steps of one case in one format. */
final class CaseRun {
  private static final List<String> CHECKS =
      List.of("is", "not", "has", "contains", "lacks", "size", "matches", "least");

  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Shape shape;
  private final Map<String, List<Step>> fixtures;
  private final Marks marks;
  private final Lent lent;
  private final FileSteps files;
  private final Traces traces;
  private final Clock time;
  private final Map<String, FutureTask<Answer>> background = new HashMap<>();
  private final Map<String, RawConnection> held = new HashMap<>();
  private final Scope scope = new Scope(this::fixture);

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
    this.shape = new Shape(surface, root.format());
    this.fixtures = fixtures;
    this.marks = marks;
    this.traces = new Traces(root);
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
        keep(step, value);
      }
      if (step.has("gone")) {
        awaitEnd(step);
      }
    } catch (Stop.Wrong e) {
      subject(step).ifPresent(s -> tally.failed(s, e.why()));
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
    Optional<String> objection = Expectation.objection(wanted(step), value);
    if (objection.isPresent()) {
      throw new Stop.Wrong(step.yaml() + ": " + objection.orElseThrow());
    }
    keep(step, value);
  }

  /** What the step measures: the success of its message, or one of the message's errors. */
  private Optional<Subject> subject(Step step) {
    if (step.has("on") && !step.has("unless")) {
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
      if (lacks(step, answer)) {
        throw new Stop.Lacking(step.text("need"));
      }
      Optional<String> objection = objection(step, answer);
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

  private Optional<String> objection(Step step, Answer answer) throws Stop {
    if (step.has("error")) {
      JsonNode wanted = scope.resolve(step.get("error").orElseThrow());
      boolean right =
          answer instanceof Answer.Failure(List<String> error)
              && Expectation.isError(wanted, error);
      return right ? Optional.empty() : Optional.of(wanted + " expected, not " + answer.told());
    }
    if (!(answer instanceof Answer.Success(JsonNode value))) {
      return Optional.of("success expected, not " + answer.told());
    }
    Optional<String> misshapen = misshapen(step, value);
    if (misshapen.isPresent()) {
      return misshapen;
    }
    step.method().ifPresent(m -> new AnsweredRecords(surface, tally).see(m, value, root.format()));
    return Expectation.objection(wanted(step), step.has("at") ? member(step, value) : value);
  }

  private Map<String, JsonNode> wanted(Step step) throws Stop {
    Map<String, JsonNode> wanted = new LinkedHashMap<>();
    for (String check : CHECKS) {
      if (step.has(check)) {
        wanted.put(check, scope.resolve(step.get(check).orElseThrow()));
      }
    }
    return wanted;
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

  /** Whether the server says by its answer that it lacks what the step needs. */
  private boolean lacks(Step step, Answer answer) throws Stop {
    return step.has("unless")
        && answer instanceof Answer.Failure(List<String> error)
        && Expectation.isError(scope.resolve(step.get("unless").orElseThrow()), error);
  }

  private Optional<String> misshapen(Step step, JsonNode value) {
    boolean async = step.yaml().path("call").path(0).asString().startsWith("Async.");
    return step.method()
        .flatMap(surface::message)
        .filter(m -> !m.ownShape() && !async)
        .map(Message::result)
        .flatMap(type -> shape.objection(type, value));
  }

  private JsonNode member(Step step, JsonNode value) {
    JsonNode found = value;
    for (String name : step.text("at").split("/")) {
      found = found.isArray() ? found.path(Integer.parseInt(name)) : found.path(name);
    }
    return found;
  }

  private void keep(Step step, JsonNode whole) throws Stop {
    JsonNode value = step.has("where") ? matching(step, whole) : whole;
    value = step.has("at") ? member(step, value) : value;
    value = step.has("pick") ? picked(step, value) : value;
    if (step.has("need") && (value.isMissingNode() || (value.isContainer() && value.isEmpty()))) {
      throw new Stop.Lacking(step.text("need"));
    }
    if (step.has("as")) {
      scope.set(step.text("as"), value);
    }
    JsonNode undo = step.yaml().path("undo");
    for (JsonNode one : undo) {
      if (one.isArray()) {
        JsonNode call = scope.resolve(one);
        traces.add(call.path(0).asString(), call.valueStream().skip(1).toList());
      } else {
        for (JsonNode made : value.isArray() ? value : List.of(value)) {
          traces.add(one.asString(), Values.plain(made).isEmpty() ? List.of() : List.of(made));
        }
      }
    }
  }

  private static JsonNode picked(Step step, JsonNode value) throws Stop {
    Matcher found = Pattern.compile(step.text("pick")).matcher(value.asString(""));
    if (!found.find()) {
      throw new Stop.Wrong(step.text("pick") + " expected in " + value);
    }
    return Values.text(found.group());
  }

  private JsonNode matching(Step step, JsonNode records) throws Stop {
    Map<String, JsonNode> wanted = Map.of("has", scope.resolve(step.get("where").orElseThrow()));
    for (Map.Entry<String, JsonNode> one : records.properties()) {
      if (Expectation.objection(wanted, one.getValue()).isEmpty()) {
        return Values.text(one.getKey());
      }
    }
    throw new Stop.Lacking(step.has("need") ? step.text("need") : step.yaml().toString());
  }
}
