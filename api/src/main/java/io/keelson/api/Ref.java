package io.keelson.api;

import java.util.UUID;

/**
 * A reference to an object of the API; what it names may not exist.
 *
 * @param text as the wire shows it, {@code OpaqueRef:} and a uuid; any other text is kept as it
 *     came, and then names nothing
 * @param <R> the record type of the object
 */
@SuppressWarnings("UnusedTypeParameter") // says what the text names, to the compiler alone
public record Ref<R extends ApiRecord>(String text) {
  private static final Ref<?> NULL = new Ref<>("OpaqueRef:NULL");

  /** The reference to no object. */
  @SuppressWarnings("unchecked") // holds no R
  public static <R extends ApiRecord> Ref<R> none() {
    return (Ref<R>) NULL;
  }

  /** A reference that no object has had before. */
  public static <R extends ApiRecord> Ref<R> fresh() {
    return new Ref<>("OpaqueRef:" + UUID.randomUUID());
  }

  /** Reads a reference off the wire; empty text also means no object. */
  public static <R extends ApiRecord> Ref<R> of(String text) {
    return text.isEmpty() || text.equals(NULL.text) ? none() : new Ref<>(text);
  }

  public boolean isNull() {
    return text.equals(NULL.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
