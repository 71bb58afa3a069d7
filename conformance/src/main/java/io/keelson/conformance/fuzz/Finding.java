package io.keelson.conformance.fuzz;

import io.keelson.conformance.fuzz.make.Request;
import java.util.Optional;

/**
 * Something that the server should not have done.
 *
 * @param where the number of the request, or the file that holds it, or what was looked at
 */
record Finding(String where, String what, Optional<Request> request) {
  static Finding of(String where, String what) {
    return new Finding(where, what, Optional.empty());
  }

  String told() {
    return where + request.map(r -> " (" + r.about() + ")").orElse("") + ": " + what;
  }
}
