package io.keelson.testkit.wire;

import java.util.List;

/** A call that was to succeed was refused. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String method, List<String> description) {
    super(method + ": " + description);
  }
}
