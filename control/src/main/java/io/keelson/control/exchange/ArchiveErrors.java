package io.keelson.control.exchange;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import java.io.IOException;

/** What is wrong with an archive as the API's errors. */
final class ArchiveErrors {
  private ArchiveErrors() {}

  /** Of reading an archive into disks: what is not wrong with the one is with the others. */
  static ApiError of(IOException failure) {
    return failure instanceof ImageException image
        ? of(image.flaw())
        : ApiErrors.srBackendFailure("FAILED", "", String.valueOf(failure.getMessage()));
  }

  private static ApiError of(Flaw flaw) {
    return switch (flaw) {
      case Flaw.Malformed malformed -> ApiErrors.importError(malformed.why());
      case Flaw.TooLarge large -> ApiErrors.importError(large.why());
      case Flaw.PrematureEnd _ -> ApiErrors.importErrorPrematureEof();
      case Flaw.UnexpectedFile file ->
          ApiErrors.importErrorUnexpectedFile(file.expected(), file.found());
      case Flaw.WrongChecksum _ -> ApiErrors.importErrorSomeChecksumsFailed();
    };
  }
}
