package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Scope scope = new Scope(this::fixture);

  CaseRun(
      Surface surface,
      Tally tally,
      Session root,
      Map<String, List<Step>> fixtures,
      Marks marks,
      Loans loans) {
    this.lent = new Lent(loans);
    this.files = new FileSteps(loans);
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.shape = new Shape(surface, root.format());
    this.fixtures = fixtures;
    this.marks = marks;
    this.traces = new Traces(root);
  }

  void steps(List<Step> steps) throws Stop {
    for (Step step : steps) {
      run(step);
    }
  }

  /** The value of a variable, made first if need be. */
  JsonNode value(String name) throws Stop {
    return scope.resolve(Values.text("$" + name));
  }

  /** Takes back what the steps have done. */
  void undo() {
    traces.undo();
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
    if (step.get("let").isPresent()) {
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
    String method = step.method().orElseThrow();
    try {
      JsonNode value = called(step, method);
      if (!step.has("error")) {
        keep(step, value);
      }
      if (step.has("gone")) {
        awaitEnd(step);
      }
    } catch (Stop.Wrong e) {
      subject(step, method).ifPresent(s -> tally.failed(s, e.why()));
      throw e;
    }
    subject(step, method).ifPresent(tally::passed);
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
  private Optional<Subject> subject(Step step, String method) {
    if (step.has("on") && !step.has("unless")) {
      return Optional.empty(); // what only prepares the second server says nothing of the first
    }
    if (!step.has("error")) {
      return surface
          .message(method)
          .map(m -> Subject.of(m.implicit() ? Kind.IMPLICIT : Kind.METHOD, method));
    }
    Subject error =
        Subject.of(Kind.ERROR, method + " " + step.get("error").orElseThrow().path(0).asString());
    return tally.expects(error) ? Optional.of(error) : Optional.empty();
  }

  private JsonNode called(Step step, String method) throws Stop {
    JsonNode call = scope.resolve(step.get("call").orElseThrow());
    List<JsonNode> parameters = call.valueStream().skip(1).toList();
    Clock clock = new Clock(Duration.ofSeconds(step.yaml().path("within").asInt(0)));
    while (true) {
      Answer answer = answer(step, call.path(0).asString(), parameters);
      if (answer.isError("NOT_IMPLEMENTED")) {
        surface
            .message(method)
            .ifPresent(
                m -> tally.missing(Subject.of(Kind.METHOD, method), "it says that it lacks it"));
        throw new Stop.Lacking(method);
      }
      if (lacks(step, answer)) {
        throw new Stop.Lacking(step.text("need"));
      }
      Optional<String> objection = objection(step, method, answer);
      if (objection.isEmpty()) {
        return answer instanceof Answer.Success(JsonNode value) ? value : Values.text("");
      }
      if (!step.has("within") || !clock.goesOn()) {
        if (step.has("within") && step.has("need")) {
          throw new Stop.Lacking(step.text("need"));
        }
        throw new Stop.Wrong(call + ": " + objection.orElseThrow());
      }
    }
  }

  private Answer answer(Step step, String method, List<JsonNode> parameters) throws Stop {
    Answer answer;
    if (step.has("bare")) {
      answer = root.server().call(root.format(), method, parameters);
    } else if (step.has("on")) {
      answer = lent.second(root).answer(method, parameters);
    } else if (step.has("by")) {
      JsonNode other = scope.resolve(step.get("by").orElseThrow());
      answer = new Session(root.server(), root.format(), other).answer(method, parameters);
    } else {
      answer = root.answer(method, parameters);
    }
    if (step.has("task") && answer instanceof Answer.Success(JsonNode task)) {
      scope.set("task", task);
      traces.add("task.destroy", List.of(task));
      return Tasks.outcome(root, task, step.text("task"));
    }
    return answer;
  }

  private Optional<String> objection(Step step, String method, Answer answer) throws Stop {
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
    Optional<String> misshapen = misshapen(step, method, value);
    if (misshapen.isPresent()) {
      return misshapen;
    }
    new AnsweredRecords(surface, tally).see(method, value, root.format());
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

  private Optional<String> misshapen(Step step, String method, JsonNode value) {
    boolean async = step.yaml().path("call").path(0).asString().startsWith("Async.");
    return surface
        .message(method)
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
          traces.add(one.asString(), made.asString("").isEmpty() ? List.of() : List.of(made));
        }
      }
    }
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
