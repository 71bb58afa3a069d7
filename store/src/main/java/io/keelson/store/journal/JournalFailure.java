package io.keelson.store.journal;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.store.codec.FullDisk;
import java.nio.file.Path;
import java.util.List;

/** What the disk said, as the error that callers of the API see. */
final class JournalFailure {
  private static final int DEPTH = 16;

  private JournalFailure() {}

  /** OUT_OF_SPACE when the disk is full, else INTERNAL_ERROR. */
  static ApiError of(Path folder, Throwable cause) {
    Throwable at = cause;
    String text = cause.toString();
    for (int i = 0; i < DEPTH && at != null; i++) {
      text = at.toString();
      if (FullDisk.isMeantBy(at)) {
        return ApiErrors.outOfSpace(folder.toString());
      }
      at = at.getCause();
    }
    return ApiErrors.internalError(List.of("the journal failed: " + text));
  }
}
