package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.api.ApiError;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Checks what a call is refused with. */
final class Refused {
  private Refused() {}

  static void with(ThrowingCallable call, String... description) {
    ApiError error = catchThrowableOfType(ApiError.class, call);
    assertThat(error).as("a refusal").isNotNull();
    assertThat(error.description()).containsExactly(description);
  }
}
