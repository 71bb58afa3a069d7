package io.keelson.api;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A field of an API class.
 *
 * @param name as the wire spells it, for example {@code name_label}
 * @param access who may see and set it
 * @param isVolatile whether its value changes by itself and is not kept in the journal
 * @param required whether a constructor must be given it, having no default
 * @param inverseOf the relation it is the computed other side of, if it is one
 * @param writer the least role that may set it
 * @param keyRoles the least role that may set a key of the map, a trailing * standing for any text
 * @param initial value of a new object where nothing was said
 * @param get reads it from a record
 * @param set puts a value into a builder of the class
 */
public record Field<R extends ApiRecord, T>(
    String name,
    Type<T> type,
    Access access,
    boolean isVolatile,
    boolean required,
    Optional<Relation> inverseOf,
    AccessRole writer,
    Map<String, AccessRole> keyRoles,
    T initial,
    Function<R, T> get,
    BiConsumer<RecordBuilder<R>, T> set) {

  /** Who may see a field and who may set it. */
  public enum Access {
    /** Clients read it; the server sets it. */
    READ_ONLY,
    /** Clients read it and set it. */
    READ_WRITE,
    /** Only the server knows it. */
    INTERNAL
  }

  /**
   * A field that refers to objects of another class.
   *
   * @param apiClass that has the field
   * @param field that holds the reference, or a set of them
   */
  public record Relation(String apiClass, String field) {}

  public T of(R record) {
    return get.apply(record);
  }

  /** The record with another value in the field. */
  public R with(R record, T value) {
    RecordBuilder<R> builder = RecordBuilder.of(record);
    set.accept(builder, value);
    return builder.build();
  }

  public boolean visible() {
    return access != Access.INTERNAL;
  }

  /** Writes the field's value in a record. */
  public void write(R record, ValueSink out) {
    type.write(get.apply(record), out);
  }

  /** Puts a value read from the wire into a builder. */
  public void read(Value value, RecordBuilder<R> into) {
    set.accept(into, type.read(value, name));
  }
}
