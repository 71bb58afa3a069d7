package io.keelson.store;

/**
 * Something about an object that must never be so.
 *
 * @param apiClass the object's class
 * @param object its uuid, or its reference where it has none
 * @param field that is wrong
 * @param what is wrong, the rest of a sentence
 */
public record Violation(String apiClass, String object, String field, String what) {

  /** For people: one line. */
  public String sentence() {
    return "%s %s: %s %s.".formatted(apiClass, object, field, what).replaceAll("\\p{Cntrl}", "?");
  }
}
