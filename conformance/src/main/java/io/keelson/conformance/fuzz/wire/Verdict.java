package io.keelson.conformance.fuzz.wire;

import java.util.Optional;

/**
 * What a request came to.
 *
 * @param objection what is wrong with it, if anything is
 * @param reference that a call answered with
 * @param code of the error that a call was refused with, or empty
 * @param success whether it is a call that the server says to have done
 */
public record Verdict(
    Optional<String> objection, Optional<String> reference, String code, boolean success) {
  static Verdict good() {
    return new Verdict(Optional.empty(), Optional.empty(), "", false);
  }

  static Verdict refused(String code) {
    return new Verdict(Optional.empty(), Optional.empty(), code, false);
  }

  static Verdict done(Optional<String> reference) {
    return new Verdict(Optional.empty(), reference, "", true);
  }

  static Verdict bad(String why) {
    return new Verdict(Optional.of(why), Optional.empty(), "", false);
  }
}
