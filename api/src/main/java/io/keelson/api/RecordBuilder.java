package io.keelson.api;

/**
 * A record in the making.
 *
 * @param <R> what it becomes
 */
public interface RecordBuilder<R extends ApiRecord> {

  /** The record, with the values as they are now. */
  R build();

  /** A builder that starts from a record's values. */
  @SuppressWarnings("unchecked") // a record's builder makes records of its own type
  static <R extends ApiRecord> RecordBuilder<R> of(R record) {
    return (RecordBuilder<R>) record.toBuilder();
  }
}
