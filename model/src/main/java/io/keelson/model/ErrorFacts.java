package io.keelson.model;

import java.util.List;
import java.util.Optional;

/**
 * What the model says of an error code.
 *
 * @param wire how the wire spells it where that differs from the code
 * @param params names; one that ends in "..." stands for any number
 * @param summary what it means
 * @param next what to do then, in the imperative
 */
public record ErrorFacts(
    String code, Optional<String> wire, List<String> params, String summary, String next) {

  public ErrorFacts {
    next = next == null ? "" : next;
  }

  public String wireText() {
    return wire.orElse(code);
  }
}
