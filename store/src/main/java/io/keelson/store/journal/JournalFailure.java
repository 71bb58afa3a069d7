package io.keelson.store.journal;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the disk said, as the error that callers of the API see. */
final class JournalFailure {
  private static final List<String> FULL =
      List.of("no space left", "disk quota exceeded", "file too large", "not enough space");
  private static final int DEPTH = 16;

  private JournalFailure() {}

  /** OUT_OF_SPACE when the disk is full, else INTERNAL_ERROR. */
  static ApiError of(Path folder, Throwable cause) {
    Throwable at = cause;
    String text = cause.toString();
    for (int i = 0; i < DEPTH && at != null; i++) {
      text = at.toString();
      String lower = text.toLowerCase(Locale.ROOT);
      if (FULL.stream().anyMatch(lower::contains)) {
        return ApiErrors.outOfSpace(folder.toString());
      }
      at = at.getCause();
    }
    return ApiErrors.internalError(List.of("the journal failed: " + text));
  }
}
