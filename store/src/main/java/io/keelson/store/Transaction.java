package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import java.util.function.UnaryOperator;

/** Changes in the making. Reads see them; nobody else does until they are durable. */
public interface Transaction extends Snapshot {

  /** Adds an object. Its computed fields and volatile fields are left as they are. */
  <R extends ApiRecord> void create(ApiClass<R> apiClass, Ref<R> ref, R record);

  /** Adds an object under a new reference. */
  default <R extends ApiRecord> Ref<R> create(ApiClass<R> apiClass, R record) {
    Ref<R> ref = Ref.fresh();
    create(apiClass, ref, record);
    return ref;
  }

  /**
   * Changes an object's own fields; changes to computed or volatile ones are an error in the code.
   *
   * @return the record as it is now
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  <R extends ApiRecord> R update(ApiClass<R> apiClass, Ref<R> ref, UnaryOperator<R> change);

  /**
   * Removes an object. References to it must be gone, or set to null, by the end of the
   * transaction.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  <R extends ApiRecord> void delete(ApiClass<R> apiClass, Ref<R> ref);

  /** Counts the object as modified though no field changes (event.inject). */
  <R extends ApiRecord> void touch(ApiClass<R> apiClass, Ref<R> ref);
}
