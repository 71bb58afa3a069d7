package io.keelson.control.console;

/** What comes of asking for something of a console. */
public sealed interface ConsoleAnswer<T> {
  /** It is there. */
  record Granted<T>(T what) implements ConsoleAnswer<T> {}

  /** It is not to be had. */
  record Refused<T>(Why why) implements ConsoleAnswer<T> {}

  /** Why something is not to be had. */
  enum Why {
    /** No console and no VM goes by that name. */
    UNKNOWN,
    /** The VM does not run, or has no such console. */
    NOT_RUNNING,
    /** The host's own console, which it does not offer. */
    NOT_OFFERED,
    /** The host's own console is not for the caller's role. */
    FORBIDDEN,
    /** The VM's host could not do it; the log says more. */
    FAILED
  }
}
