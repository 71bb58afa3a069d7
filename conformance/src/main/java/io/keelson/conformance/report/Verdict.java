package io.keelson.conformance.report;

/** What is known of something that is measured. */
public sealed interface Verdict {
  /** It is as it should be. */
  record Passed() implements Verdict {}

  /** It is a message that the server has no use for, and a case saw it say so as it should. */
  record Refuses(String why) implements Verdict {}

  /** It is not. */
  record Failed(String why) implements Verdict {}

  /** The server says that it does not have it. */
  record Missing(String why) implements Verdict {}

  /** Nobody knows. */
  record Unmeasured(String why) implements Verdict {}

  /** It is part of the API, and nothing that a client could do today brings it about. */
  record CannotArise(String why) implements Verdict {}

  /** A failure is never forgotten, and what was seen counts for more than what was not. */
  default int weight() {
    return switch (this) {
      case Unmeasured _, CannotArise _ -> 0;
      case Refuses _ -> 1;
      case Passed _ -> 2;
      case Missing _ -> 3;
      case Failed _ -> 4;
    };
  }
}
