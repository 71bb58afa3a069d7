package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Ref;
import java.util.List;

/** What a transaction does to one object. A journal entry is a list of these. */
public sealed interface Change<R extends ApiRecord> {

  ApiClass<R> apiClass();

  Ref<R> ref();

  /** Makes the change in a state. */
  void applyTo(StateEditor state);

  /** A new object. */
  record Created<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref, R record)
      implements Change<R> {
    @Override
    public void applyTo(StateEditor state) {
      state.insert(apiClass, ref, record);
    }
  }

  /** Other values in some fields of an object. */
  record Updated<R extends ApiRecord>(
      ApiClass<R> apiClass, Ref<R> ref, List<FieldValue<R, ?>> values) implements Change<R> {
    @Override
    public void applyTo(StateEditor state) {
      RecordBuilder<R> record = RecordBuilder.of(state.get(apiClass, ref));
      values.forEach(value -> value.putIn(record));
      state.replace(apiClass, ref, record.build());
    }
  }

  /** A field with a value for it. */
  record FieldValue<R extends ApiRecord, T>(Field<R, T> field, T value) {
    /** The field with the value that it has in a record. */
    public static <R extends ApiRecord, T> FieldValue<R, T> in(R record, Field<R, T> field) {
      return new FieldValue<>(field, field.of(record));
    }

    /** Puts the value into a record in the making. */
    public void putIn(RecordBuilder<R> record) {
      field.set().accept(record, value);
    }
  }

  /** An object taken away. */
  record Deleted<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref) implements Change<R> {
    @Override
    public void applyTo(StateEditor state) {
      state.delete(apiClass, ref);
    }
  }

  /** An object counted as changed. */
  record Touched<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref) implements Change<R> {
    @Override
    public void applyTo(StateEditor state) {
      state.touch(apiClass, ref);
    }
  }
}
