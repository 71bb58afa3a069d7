package io.keelson.store.codec;

import java.util.List;
import java.util.Locale;

/** Tells by a failure's text that a disk is full: there is no type for it. */
public final class FullDisk {
  private static final List<String> TEXTS =
      List.of("no space left", "disk quota exceeded", "file too large", "not enough space");

  private FullDisk() {}

  /** Whether a failure itself says so; its causes are not asked. */
  public static boolean isMeantBy(Throwable failure) {
    String text = failure.toString().toLowerCase(Locale.ROOT);
    return TEXTS.stream().anyMatch(text::contains);
  }
}
