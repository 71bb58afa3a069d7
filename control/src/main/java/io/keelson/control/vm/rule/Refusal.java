package io.keelson.control.vm.rule;

import io.keelson.api.ApiError;

/** Why an operation is refused; the error is made only when somebody is told. */
@FunctionalInterface
interface Refusal {
  ApiError error();
}
