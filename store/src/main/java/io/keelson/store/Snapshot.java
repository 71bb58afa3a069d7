package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import java.util.Optional;
import java.util.stream.Stream;

/** All objects at one instant. Immutable. */
public interface Snapshot {

  /** Number of the newest change in it: the journal's index. */
  long generation();

  <R extends ApiRecord> Table<R> table(ApiClass<R> apiClass);

  default <R extends ApiRecord> Optional<R> find(ApiClass<R> apiClass, Ref<R> ref) {
    return table(apiClass).row(ref).map(Row::record);
  }

  /**
   * The record of an object that must exist.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  <R extends ApiRecord> R get(ApiClass<R> apiClass, Ref<R> ref);

  /** Every object of a class. */
  default <R extends ApiRecord> Stream<Row<R>> rows(ApiClass<R> apiClass) {
    return table(apiClass).rows();
  }
}
