package io.keelson.api;

/** One object of the API at one moment: the values of all its fields. Immutable. */
public interface ApiRecord {

  /** The API class that this is a record of. */
  ApiClass<? extends ApiRecord> apiClass();

  /** A builder of such records that starts from this one's values. */
  RecordBuilder<? extends ApiRecord> toBuilder();
}
