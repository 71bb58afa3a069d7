package io.keelson.api;

import java.util.List;
import java.util.Map;

/** A value as it came over a wire, before anybody knows what type it should have. */
public sealed interface Value {
  /** Text. */
  record Text(String text) implements Value {}

  /** A whole number. */
  record Whole(long number) implements Value {}

  /** A floating-point number. */
  record Real(double number) implements Value {}

  /** A truth value. */
  record Flag(boolean on) implements Value {}

  /** A date and time, as it was written. */
  record Moment(String text) implements Value {}

  /** An array. */
  record Sequence(List<Value> items) implements Value {}

  /** A struct, its members in the order they came. */
  record Structure(Map<String, Value> members) implements Value {}

  /** An explicit nothing (XML-RPC nil, JSON null). */
  record Nothing() implements Value {}
}
