package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import java.util.UUID;

/** Reads uuids that callers choose. */
final class Uuids {
  private Uuids() {}

  /**
   * The uuid; a new one for empty text.
   *
   * @throws io.keelson.api.ApiError UUID_INVALID
   */
  static UUID parse(String apiClass, String text) {
    if (text.isEmpty()) {
      return UUID.randomUUID();
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw ApiErrors.uuidInvalid(apiClass, text);
    }
  }
}
