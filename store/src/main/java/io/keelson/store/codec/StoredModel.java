package io.keelson.store.codec;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Value;
import io.keelson.store.table.Change;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The version of the model that objects are stored in, and how older ones are read.
 *
 * <p>Fields at their initial values are left out. So a field that the model gains needs no new
 * version. A field or class that it loses, or that changes its meaning or its initial value, needs
 * one, and a step.
 *
 * @param version of the model as stored
 * @param steps from every older version that is still read, in order
 */
public record StoredModel(Schema schema, int version, List<Migration> steps) {
  /** What this program writes. */
  public static final StoredModel CURRENT = new StoredModel(Schema.CURRENT, 1, List.of());

  /**
   * Names, types and initial values of all stored fields, boiled down, to tell two models of one
   * version apart.
   */
  public String fingerprint() {
    CRC32C crc = new CRC32C();
    for (ClassSchema<?> of : schema.classes()) {
      for (Field<?, ?> field : of.stored()) {
        crc.update(
            (of
                    + "."
                    + field.name()
                    + ":"
                    + field.type().getClass().getSimpleName()
                    + "="
                    + field.initial()
                    + "\n")
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    return "%08x".formatted(crc.getValue());
  }

  /** Brings an object written by an older version up to this one. */
  Optional<RawObject> upgraded(int writtenBy, RawObject object) {
    Optional<RawObject> result = Optional.of(object);
    for (Migration step : steps) {
      if (step.from() >= writtenBy) {
        result = result.flatMap(step::upgrade);
      }
    }
    return result;
  }

  /**
   * The class of a stored object.
   *
   * @throws MalformedException when the model has none of that name
   */
  ClassSchema<?> classOf(String name) {
    return schema
        .named(name)
        .orElseThrow(() -> new MalformedException("the model has no class " + name));
  }

  /** A record with the fields set that a file holds, and all others at their initial values. */
  <R extends ApiRecord> R record(ClassSchema<R> of, Map<String, Value> fields) {
    RecordBuilder<R> record = RecordBuilder.of(of.apiClass().blank());
    values(of, fields).forEach(value -> value.putIn(record));
    return record.build();
  }

  /**
   * The values that a file holds, in the model's types.
   *
   * @throws MalformedException for a field that the model does not have or of another type
   */
  <R extends ApiRecord> List<Change.FieldValue<R, ?>> values(
      ClassSchema<R> of, Map<String, Value> fields) {
    ApiClass<R> apiClass = of.apiClass();
    List<Change.FieldValue<R, ?>> values = new ArrayList<>(fields.size());
    fields.forEach((name, value) -> {
      Field<R, ?> field =
          apiClass
              .field(name)
              .filter(ClassSchema::isStored)
              .orElseThrow(() ->
                  new MalformedException(
                      "written by a program whose model differs: no stored field "
                          + apiClass
                          + "."
                          + name
                          + " here"));
      values.add(read(field, value));
    });
    return values;
  }

  private static <R extends ApiRecord, T> Change.FieldValue<R, T> read(
      Field<R, T> field, Value value) {
    try {
      return new Change.FieldValue<>(field, field.type().read(value, field.name()));
    } catch (ApiError e) {
      throw new MalformedException("not a value of " + field.name(), e);
    }
  }
}
