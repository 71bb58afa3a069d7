package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a step says of a result or an error. Whole numbers and their texts are the same here. */
final class Expectation {
  private static final String ANY = "_";
  private static final String REST = "...";

  private Expectation() {}

  /** What is wrong with a result by a step whose variables are replaced. */
  static Optional<String> objection(Map<String, JsonNode> wanted, JsonNode value) {
    for (Map.Entry<String, JsonNode> one : wanted.entrySet()) {
      if (!holds(one.getKey(), one.getValue(), value)) {
        return Optional.of(
            one.getKey() + " " + one.getValue() + " expected, not " + Answer.shortened(value));
      }
    }
    return Optional.empty();
  }

  private static boolean holds(String word, JsonNode wanted, JsonNode value) {
    return switch (word) {
      case "is" -> same(wanted, value);
      case "not" -> !same(wanted, value);
      case "has" ->
          wanted.properties().stream().allMatch(m -> same(m.getValue(), member(value, m.getKey())));
      case "contains" -> contains(value, wanted);
      case "lacks" -> !contains(value, wanted);
      case "size" -> value.size() == wanted.asInt();
      case "matches" -> Pattern.matches(wanted.asString(), value.asString(""));
      case "least" -> value.asDouble(Double.NaN) >= wanted.asDouble();
      default -> throw new IllegalArgumentException(word);
    };
  }

  /** {@code a/b} is the member b of the member a. */
  private static JsonNode member(JsonNode value, String path) {
    return path.contains("/") ? value.at("/" + path) : value.path(path);
  }

  private static boolean contains(JsonNode value, JsonNode wanted) {
    return value.isObject()
        ? value.has(wanted.asString())
        : value.valueStream().anyMatch(item -> same(wanted, item));
  }

  /** Whether a value is that one; {@code _} is any value. Sets are the same in any order. */
  static boolean same(JsonNode wanted, JsonNode value) {
    if (wanted.isString() && wanted.asString().equals(ANY)) {
      return !value.isMissingNode();
    }
    if (wanted.isArray() && value.isArray()) {
      return wanted.size() == value.size()
          && wanted.valueStream().allMatch(w -> contains(value, w));
    }
    if (wanted.isObject() && value.isObject()) {
      return wanted.size() == value.size()
          && wanted.properties().stream().allMatch(m -> same(m.getValue(), value.path(m.getKey())));
    }
    if (wanted.isNumber() && value.isNumber()) {
      return wanted.asDouble() == value.asDouble();
    }
    return wanted.equals(value)
        || (wanted.isIntegralNumber()
            && value.isString()
            && wanted.asString().equals(value.asString()));
  }

  /** Whether an error is the one that a step expects. */
  static boolean isError(JsonNode wanted, List<String> error) {
    List<String> words = wanted.valueStream().map(Values::plain).toList();
    boolean open = words.getLast().equals(REST);
    List<String> fixed = open ? words.subList(0, words.size() - 1) : words;
    if (error.size() < fixed.size() || (!open && error.size() > fixed.size())) {
      return false;
    }
    for (int i = 0; i < fixed.size(); i++) {
      if (!fixed.get(i).equals(ANY) && !fixed.get(i).equals(error.get(i))) {
        return false;
      }
    }
    return true;
  }
}
