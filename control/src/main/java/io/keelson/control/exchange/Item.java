package io.keelson.control.exchange;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One object in an archive.
 *
 * @param id by which the archive's objects refer to it: {@code Ref:} and a number
 * @param record whose references are such ids
 */
record Item<R extends ApiRecord>(ApiClass<R> apiClass, String id, R record) {
  /** The member of an object that says what it holds beside its record. */
  static final String CONTENTS = "contents";

  /** What says only how an object was at the time, in words that may be newer than this server. */
  private static final Set<String> PASSING = Set.of("allowed_operations", "current_operations");

  /**
   * Reads an object.
   *
   * @throws ApiError IMPORT_ERROR when a field has a value that it cannot have
   */
  static <R extends ApiRecord> Item<R> read(ApiClass<R> apiClass, String id, Value snapshot) {
    if (!(snapshot instanceof Value.Structure(Map<String, Value> members))) {
      throw ApiErrors.importError("The archive's object " + id + " has no fields");
    }
    RecordBuilder<R> builder = RecordBuilder.of(apiClass.blank());
    for (Field<R, ?> field : apiClass.visibleFields()) {
      Value value = members.get(field.name());
      if (value != null && !PASSING.contains(field.name())) {
        read(field, id, value, builder);
      }
    }
    return new Item<>(apiClass, id, builder.build());
  }

  private static <R extends ApiRecord> void read(
      Field<R, ?> field, String id, Value value, RecordBuilder<R> into) {
    try {
      field.read(value, into);
    } catch (ApiError _) {
      throw ApiErrors.importError(
          "The archive's object " + id + " has an impossible value in field " + field.name());
    }
  }

  /**
   * Writes the object.
   *
   * @param contents what it holds beside its record, as text; empty when that is nothing
   */
  void write(ValueSink out, Optional<String> contents) {
    out.beginStructure();
    out.member("class");
    out.text(apiClass.name());
    out.member("id");
    out.text(id);
    out.member("snapshot");
    apiClass.write(record, out);
    contents.ifPresent(text -> {
      out.member(CONTENTS);
      out.text(text);
    });
    out.endStructure();
  }
}
