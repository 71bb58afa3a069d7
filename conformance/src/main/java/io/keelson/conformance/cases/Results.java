package io.keelson.conformance.cases;

import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a step says of its result: whether that is right, and what of it is kept. */
final class Results {
  private static final List<String> CHECKS =
      List.of("is", "not", "has", "contains", "lacks", "size", "matches", "least");

  private final Surface surface;
  private final Tally tally;
  private final Format format;
  private final Shape shape;
  private final Scope scope;
  private final Traces traces;

  Results(Surface surface, Tally tally, Format format, Scope scope, Traces traces) {
    this.surface = surface;
    this.tally = tally;
    this.format = format;
    this.shape = new Shape(surface, format);
    this.scope = scope;
    this.traces = traces;
  }

  /** What is wrong with an answer, if anything is. */
  Optional<String> objection(Step step, Answer answer) throws Stop {
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
    step.method().ifPresent(m -> new AnsweredRecords(surface, tally).see(m, value, format));
    return objection(step, step.has("at") ? member(step, value) : value);
  }

  /** What is wrong with a value, if anything is. */
  Optional<String> objection(Step step, JsonNode value) throws Stop {
    Map<String, JsonNode> wanted = new LinkedHashMap<>();
    for (String check : CHECKS) {
      if (step.has(check)) {
        wanted.put(check, scope.resolve(step.get(check).orElseThrow()));
      }
    }
    return Expectation.objection(wanted, value);
  }

  private Optional<String> misshapen(Step step, JsonNode value) {
    boolean async = step.yaml().path("call").path(0).asString().startsWith("Async.");
    return step.method()
        .flatMap(surface::message)
        .filter(m -> !m.ownShape() && !async)
        .map(Message::result)
        .flatMap(type -> shape.objection(type, value));
  }

  private static JsonNode member(Step step, JsonNode value) {
    JsonNode found = value;
    for (String name : step.text("at").split("/")) {
      found = found.isArray() ? found.path(Integer.parseInt(name)) : found.path(name);
    }
    return found;
  }

  /** Keeps what the step names of its result, and notes how it is taken back. */
  void keep(Step step, JsonNode whole) throws Stop {
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
