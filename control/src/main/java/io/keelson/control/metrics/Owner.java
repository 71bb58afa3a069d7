package io.keelson.control.metrics;

import java.util.Locale;
import java.util.UUID;

/** An object that things are measured of. */
public record Owner(Kind kind, UUID uuid) {

  /** Its class. */
  public enum Kind {
    HOST,
    VM,
    SR;

    /** As legends and folders have it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
