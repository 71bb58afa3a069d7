package io.keelson.store.table;

import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A stored field that refers to other objects.
 *
 * @param number among all links
 * @param source ordinal of the class that has the field
 * @param target ordinal of the class it refers to
 * @param inverse the computed field on the other side, if the model has one
 */
record Link<S extends ApiRecord>(
    int number, int source, int target, FieldRefs<S, ?> refs, Optional<InverseSide<?>> inverse) {

  /** A field together with how to find the references in it. */
  record FieldRefs<S extends ApiRecord, T>(Field<S, T> field, RefsIn<T> finder) {
    void each(S record, Consumer<Ref<?>> to) {
      finder.visit().each(field.of(record), to);
    }

    boolean same(S one, S other) {
      return field.of(one).equals(field.of(other));
    }
  }

  /** Hands on what the field of a record refers to; null references are left out. */
  void targets(S record, Consumer<Ref<?>> to) {
    refs.each(
        record,
        ref -> {
          if (!ref.isNull()) {
            to.accept(ref);
          }
        });
  }

  @Override
  public String toString() {
    return refs.field().name();
  }
}
