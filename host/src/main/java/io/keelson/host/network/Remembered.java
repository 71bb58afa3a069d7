package io.keelson.host.network;

import java.util.Optional;
import java.util.function.Supplier;

/** An answer that is asked for when it is first needed, and once. */
final class Remembered<T> {
  private final Supplier<T> question;
  private Optional<T> answer = Optional.empty();

  Remembered(Supplier<T> question) {
    this.question = question;
  }

  synchronized T get() {
    if (answer.isEmpty()) {
      answer = Optional.of(question.get());
    }
    return answer.get();
  }
}
