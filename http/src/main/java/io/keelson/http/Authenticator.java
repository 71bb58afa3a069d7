package io.keelson.http;

import io.keelson.api.AccessRole;
import java.util.Optional;

/** Decides who may use a path; the server puts the gate behind it. */
@FunctionalInterface
public interface Authenticator {
  /**
   * Checks a caller. Runs on a virtual thread and may block.
   *
   * @param action name of what is asked for, as roles carry it: {@code http/get_metrics}
   * @param least the least role that may
   */
  Verdict check(Credentials credentials, String action, AccessRole least, Peer peer);

  /** What a request says of who sent it. */
  sealed interface Credentials {
    /** The reference of a session, from a cookie or the query. */
    record Session(String ref) implements Credentials {}

    /** Name and password. */
    record Basic(String user, String password) implements Credentials {}

    /** Nothing. */
    record None() implements Credentials {}
  }

  /** What is decided. */
  sealed interface Verdict {
    /**
     * The caller may.
     *
     * @param session of the caller; empty for one that has none
     */
    record Admitted(Optional<String> session) implements Verdict {}

    /** Nobody is known by these credentials. */
    record Unknown() implements Verdict {}

    /** The caller's role does not include it. */
    record Forbidden() implements Verdict {}
  }
}
