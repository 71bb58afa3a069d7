package io.keelson.conformance.fuzz.wire;

import java.util.Optional;

/**
 * What a request came to.
 *
 * @param objection what is wrong with it, if anything is
 * @param reference that a call answered with
 * @param code of the error that a call was refused with, or empty
 */
public record Verdict(Optional<String> objection, Optional<String> reference, String code) {
  static Verdict good() {
    return new Verdict(Optional.empty(), Optional.empty(), "");
  }

  static Verdict bad(String why) {
    return new Verdict(Optional.of(why), Optional.empty(), "");
  }
}
