package io.keelson.control.accessor;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.MessageSpec;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import java.util.List;
import java.util.Optional;

/** What is said of a message that follows from the fields. */
final class Specs {
  private Specs() {}

  /** An implicit message needs a session and has no asynchronous form. */
  static MessageSpec of(
      ApiClass<?> apiClass, String name, AccessRole role, List<Param<?>> parameters) {
    return new MessageSpec(
        apiClass.name(),
        name,
        parameters,
        Optional.of(role),
        true,
        false,
        MessageSpec.Status.CURRENT);
  }

  static <T> Param<T> param(String name, Type<T> type) {
    return new Param<>(name, type, Optional.empty());
  }

  /** The parameter that says which object. */
  static <R extends ApiRecord> Param<Ref<R>> self(ApiClass<R> apiClass) {
    return param("self", new Type.Reference<R>(apiClass.name()));
  }
}
