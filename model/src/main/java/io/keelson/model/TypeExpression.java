package io.keelson.model;

import java.util.Set;

/** A type as the model writes it, for example {@code (VM ref → string set) map}. */
public sealed interface TypeExpression {
  /** The types that every model has. */
  Set<String> SIMPLE = Set.of("string", "int", "float", "bool", "datetime", "void");

  /** string, int, float, bool, datetime or void. */
  record Simple(String name) implements TypeExpression {}

  /** A reference to an object of a class. */
  record Reference(String apiClass) implements TypeExpression {}

  /** A record of a class. */
  record RecordOf(String apiClass) implements TypeExpression {}

  /** An enum. */
  record Enumeration(String name) implements TypeExpression {}

  /** A set. */
  record SetOf(TypeExpression member) implements TypeExpression {}

  /** A map. */
  record MapOf(TypeExpression key, TypeExpression value) implements TypeExpression {}

  /**
   * @throws IllegalArgumentException when the text is no type
   */
  static TypeExpression parse(String text) {
    String t = text.strip();
    if (t.endsWith(" set")) {
      return new SetOf(parse(t.substring(0, t.length() - 4)));
    }
    if (t.endsWith(") map") && t.startsWith("(")) {
      String inner = t.substring(1, t.length() - 5);
      int arrow = inner.indexOf('→');
      if (arrow < 0) {
        throw new IllegalArgumentException("a map without an arrow: " + text);
      }
      return new MapOf(parse(inner.substring(0, arrow)), parse(inner.substring(arrow + 1)));
    }
    if (t.endsWith(" ref")) {
      return new Reference(word(t.substring(0, t.length() - 4)));
    }
    if (t.endsWith(" record")) {
      return new RecordOf(word(t.substring(0, t.length() - 7)));
    }
    return SIMPLE.contains(t) ? new Simple(t) : new Enumeration(word(t));
  }

  private static String word(String text) {
    if (!text.matches("\\w+")) {
      throw new IllegalArgumentException("not a name: " + text);
    }
    return text;
  }
}
