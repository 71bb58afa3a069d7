package io.keelson.model;

import java.util.List;
import java.util.Optional;

/**
 * What the model says of an error code.
 *
 * @param wire how the wire spells it where that differs from the code
 * @param params names; one that ends in "..." stands for any number
 */
public record ErrorFacts(String code, Optional<String> wire, List<String> params, String summary) {

  public String wireText() {
    return wire.orElse(code);
  }
}
