package io.keelson.control.rules;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.Snapshot;

/** Objects as requests for files name them: by reference or by uuid. */
public final class Named {
  private static final String REFERENCE = "OpaqueRef:";

  private Named() {}

  /**
   * The object of that name.
   *
   * @throws ApiError HANDLE_INVALID, UUID_INVALID
   */
  public static <R extends ApiRecord> Ref<R> find(
      Snapshot state, ApiClass<R> apiClass, String name) {
    Ref<R> ref = Ref.of(name);
    if (state.find(apiClass, ref).isPresent()) {
      return ref;
    }
    if (name.startsWith(REFERENCE)) {
      throw ApiErrors.handleInvalid(apiClass.name(), name);
    }
    return state
        .table(apiClass)
        .byUuid(name)
        .orElseThrow(() -> ApiErrors.uuidInvalid(apiClass.name(), name));
  }
}
