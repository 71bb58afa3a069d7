package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.store.Transaction;

/** Editions: there is one, it is free, and nothing is ever restricted. */
public final class Editions {
  static final String FREE = "free";

  /** When its licence expires, in the word that clients know. */
  public static final String EXPIRY = "never";

  private Editions() {}

  /**
   * Gives a host the edition.
   *
   * @throws io.keelson.api.ApiError INVALID_EDITION for all that there are not
   */
  public static void apply(Transaction tx, Ref<Host> host, String edition) {
    tx.get(ApiModel.HOST, host);
    if (!edition.equals(FREE)) {
      throw ApiErrors.invalidEdition(edition);
    }
    tx.update(ApiModel.HOST, host, h -> h.with(b -> b.edition(FREE)));
  }
}
