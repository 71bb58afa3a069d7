package io.keelson.control.rules;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Why an operation may not begin, as rules say it: an error, or nothing. */
public final class Refusals {
  private Refusals() {}

  /** The error if its condition holds. */
  public static Optional<ApiError> when(boolean broken, Supplier<ApiError> error) {
    return broken ? Optional.of(error.get()) : Optional.empty();
  }

  /** The error that a check raises, if it does. */
  public static Optional<ApiError> of(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (ApiError refused) {
      return Optional.of(refused);
    }
  }

  /** That an operation is under way on an object. */
  public static ApiError inProgress(String apiClass, Ref<?> ref, String operation, String task) {
    return ApiErrors.otherOperationInProgress(apiClass, ref.text(), operation, task);
  }

  /** That any operation is under way on an object. */
  public static <E> Optional<ApiError> busy(
      String apiClass, Ref<?> ref, Map<String, E> operations, Function<E, String> text) {
    return operations.entrySet().stream()
        .findFirst()
        .map(e -> inProgress(apiClass, ref, text.apply(e.getValue()), e.getKey()));
  }

  /**
   * @throws ApiError the refusal, if there is one
   */
  public static void raise(Optional<ApiError> refusal) {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }
}
