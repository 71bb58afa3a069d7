package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values for parameters: mostly what the server may do something with, sometimes anything. */
final class Draw {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MOST_LIVE = 64;

  private final Surface surface;
  private final List<String> classes;
  private final Dice dice;
  private final boolean own;

  /**
   * @param own whether objects are to be the run's own
   */
  Draw(Surface surface, Dice dice, boolean own) {
    this.surface = surface;
    this.classes = surface.classes().stream().map(ClassFacts::name).toList();
    this.dice = dice;
    this.own = own;
  }

  /** One of the type, for a parameter or field of that name. */
  JsonNode fitting(TypeExpression type, String name) {
    return switch (type) {
      case TypeExpression.Simple(String simple) -> simple(simple, name);
      case TypeExpression.Reference(String apiClass) -> text(reference(apiClass));
      case TypeExpression.Enumeration(String enumeration) ->
          text(
              dice.oneIn(25)
                  ? Oddities.text(dice)
                  : dice.of(orNothing(surface.values(enumeration))));
      case TypeExpression.SetOf(TypeExpression member) -> {
        ArrayNode set = NODES.arrayNode();
        for (int i = size(); i > 0; i--) {
          set.add(fitting(member, name));
        }
        yield set;
      }
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) -> {
        ObjectNode map = NODES.objectNode();
        for (int i = size(); i > 0; i--) {
          String known = dice.of(Likely.KEYS);
          JsonNode drawn = fitting(key, "key");
          map.set(
              dice.percent(60) && drawn.isString() && !drawn.asString().startsWith("@")
                  ? known
                  : drawn.asString(""),
              fitting(value, known));
        }
        yield map;
      }
      case TypeExpression.RecordOf(String apiClass) -> record(apiClass);
    };
  }

  private static List<String> orNothing(List<String> values) {
    return values.isEmpty() ? List.of("") : values;
  }

  private int size() {
    return dice.oneIn(200) ? dice.below(500) : dice.below(4);
  }

  private ObjectNode record(String apiClass) {
    ObjectNode record = NODES.objectNode();
    boolean right = dice.percent(70);
    for (FieldFacts field : surface.constructorFields(apiClass)) {
      if (!right && dice.oneIn(12)) {
        continue;
      }
      JsonNode value =
          (right ? Likely.field(apiClass, field.name(), dice) : Likely.none())
              .orElseGet(() -> fitting(Surface.type(field), field.name()));
      record.set(field.name(), value);
    }
    if (dice.oneIn(30)) {
      record.set(Oddities.text(dice), any(2));
    }
    return record;
  }

  /** A reference to what is there, for the most part. */
  String reference(String apiClass) {
    return switch (dice.below(20)) {
      case 0 -> "OpaqueRef:NULL";
      case 1 -> "OpaqueRef:" + new UUID(dice.bits(), dice.bits());
      case 2 -> named("ref", dice.of(classes));
      case 3 -> dice.oneIn(3) ? Oddities.text(dice) : named("ref", apiClass);
      case 4, 5, 6, 7, 8 -> named("some", apiClass);
      default -> named(own ? "made" : "ref", apiClass);
    };
  }

  private String named(String what, String apiClass) {
    // Another class's object might be one that was there before.
    String kind = own ? "made" : what;
    return "@{" + kind + ":" + apiClass + ":" + dice.below(MOST_LIVE) + "}";
  }

  /** A uuid of something that is there, for the most part. */
  String uuid(String apiClass) {
    return dice.percent(80)
        ? "@{uuid:" + apiClass + ":" + dice.below(MOST_LIVE) + "}"
        : Oddities.text(dice);
  }

  private JsonNode simple(String type, String name) {
    return switch (type) {
      case "int" -> NODES.numberNode(whole(name));
      case "float" -> NODES.numberNode(Likely.isWait(name) ? wait(dice) : Oddities.real(dice));
      case "bool" -> NODES.booleanNode(dice.oneIn(2));
      case "datetime" ->
          text(dice.percent(60) ? "20260101T00:00:0" + dice.below(10) + "Z" : Oddities.text(dice));
      default -> text(string(name));
    };
  }

  /** Never so long that it could be taken for a hang. */
  private static double wait(Dice dice) {
    double odd = Oddities.real(dice);
    return odd > 0.05 ? 0.05 : odd;
  }

  private long whole(String name) {
    if (Likely.isWait(name)) {
      return dice.below(2);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean bytes = lower.contains("memory") || lower.contains("size") || lower.contains("static");
    return bytes && dice.percent(70) ? (long) dice.below(300) << 20 : Oddities.whole(dice);
  }

  private String string(String name) {
    if (Likely.isAddress(name)) {
      return Likely.address(dice);
    }
    if (name.equals("uname")) { // a wrong password of root would slow down the run's own logins
      return "fuzz" + dice.bits();
    }
    if (name.contains("uuid")) {
      return uuid(dice.of(classes));
    }
    return dice.percent(55)
        ? Likely.string(name, dice).orElseGet((Supplier<String>) () -> Oddities.text(dice))
        : Oddities.text(dice);
  }

  /** Anything that a value may be. */
  JsonNode any(int depth) {
    return switch (dice.below(depth > 0 ? 10 : 7)) {
      case 0 -> NODES.numberNode(Oddities.whole(dice));
      case 1 -> NODES.numberNode(Oddities.real(dice));
      case 2 -> NODES.booleanNode(dice.oneIn(2));
      case 3 -> NODES.nullNode();
      case 4 -> text(reference(dice.of(classes)));
      case 5, 6 -> text(Oddities.text(dice));
      case 7 -> nested(1 + dice.below(dice.oneIn(10) ? 400 : 70));
      case 8 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = size(); i > 0; i--) {
          array.add(any(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = size(); i > 0; i--) {
          object.set(Oddities.text(dice), any(depth - 1));
        }
        yield object;
      }
    };
  }

  private JsonNode nested(int depth) {
    boolean arrays = dice.oneIn(2);
    JsonNode node = text("inmost");
    for (int i = 0; i < depth; i++) {
      node = arrays ? NODES.arrayNode().add(node) : NODES.objectNode().set("a", node);
    }
    return node;
  }

  static JsonNode text(String text) {
    return NODES.stringNode(text);
  }
}
