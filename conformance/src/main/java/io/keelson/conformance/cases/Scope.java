package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The variables of a case: {@code $name}, or {@code {name}} within a text. */
final class Scope {
  private static final Pattern WHOLE = Pattern.compile("\\$(\\w+)((?:\\.[\\w-]+)*)");
  private static final Pattern INSIDE = Pattern.compile("\\{([a-z]\\w*)}");

  /** Makes what a variable stands for that no step has set. */
  @FunctionalInterface
  interface Fixtures {
    Optional<JsonNode> make(String name) throws Stop;
  }

  private final Map<String, JsonNode> values = new HashMap<>();
  private final Fixtures fixtures;

  Scope(Fixtures fixtures) {
    this.fixtures = fixtures;
  }

  void set(String name, JsonNode value) {
    values.put(name, value);
  }

  Optional<JsonNode> known(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value with all variables in it replaced. */
  JsonNode resolve(JsonNode yaml) throws Stop {
    if (yaml.isString()) {
      return text(yaml.asString());
    }
    if (yaml.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : yaml) {
        list.add(resolve(item));
      }
      return list;
    }
    if (yaml.isObject()) {
      ObjectNode map = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> member : yaml.properties()) {
        JsonNode key = text(member.getKey());
        map.set(Values.plain(key), resolve(member.getValue()));
      }
      return map;
    }
    return yaml;
  }

  private JsonNode text(String text) throws Stop {
    Matcher whole = WHOLE.matcher(text);
    if (whole.matches()) {
      JsonNode value = value(whole.group(1));
      for (String member : whole.group(2).split("\\.")) {
        value = member.isEmpty() ? value : member(value, member);
      }
      if (value.isMissingNode()) {
        throw new Stop.Wrong("nothing is " + text);
      }
      return value;
    }
    StringBuilder filled = new StringBuilder();
    Matcher inside = INSIDE.matcher(text);
    while (inside.find()) {
      inside.appendReplacement(
          filled, Matcher.quoteReplacement(Values.plain(value(inside.group(1)))));
    }
    return Values.text(inside.appendTail(filled).toString());
  }

  private static JsonNode member(JsonNode value, String member) {
    return value.isArray() && member.matches("\\d{1,4}")
        ? value.path(Integer.parseInt(member))
        : value.path(member);
  }

  private JsonNode value(String name) throws Stop {
    Optional<JsonNode> known = known(name);
    if (known.isEmpty()) {
      known = fixtures.make(name);
      known.ifPresent(value -> values.put(name, value));
    }
    return known.orElseThrow(() -> new IllegalStateException("no variable " + name));
  }
}
