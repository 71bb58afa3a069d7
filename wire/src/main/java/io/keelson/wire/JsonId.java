package io.keelson.wire;

/** The id of a JSON-RPC request, with the type it came with. */
public sealed interface JsonId {
  /** A string. */
  record Text(String text) implements JsonId {}

  /** A whole number. */
  record Whole(long number) implements JsonId {}

  /** A number with a fraction, which the standard advises against and does not forbid. */
  record Real(double number) implements JsonId {}

  /** No id could be read. */
  record None() implements JsonId {}
}
