package io.keelson.conformance.cases;

/** Why a case goes no further. */
abstract sealed class Stop extends Exception {
  private static final long serialVersionUID = 1L;

  private final String why;

  private Stop(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }

  /** Something is not as it should be. */
  static final class Wrong extends Stop {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  /** The server has no use for what it is asked, and has said so in the way that it should. */
  static final class Refused extends Stop {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** Something that the case needs is not there. */
  static final class Lacking extends Stop {
    private static final long serialVersionUID = 1L;

    Lacking(String message) {
      super(message);
    }
  }
}
