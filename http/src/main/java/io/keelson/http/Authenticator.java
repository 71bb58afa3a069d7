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
   * @param task that the request is to end, which fails when the caller's role forbids the request
   */
  Verdict check(
      Credentials credentials, String action, AccessRole least, Peer peer, Optional<String> task);

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
     * @param end run when the request is done
     */
    record Admitted(Optional<String> session, Runnable end) implements Verdict {}

    /** Nobody is known by these credentials. */
    record Unknown() implements Verdict {}

    /** The caller's role does not include it. */
    record Forbidden() implements Verdict {}
  }
}
