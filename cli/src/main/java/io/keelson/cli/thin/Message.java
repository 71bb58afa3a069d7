package io.keelson.cli.thin;

import java.util.List;

/** What the two ends of the thin protocol say to each other. */
public sealed interface Message {
  /** What the server asks of the program at the user's terminal. */
  sealed interface Command extends Message {}

  /** A line for the standard output. */
  record Print(String text) implements Command {}

  /** Text for the standard error, as it is. */
  record PrintError(String text) implements Command {}

  /** Something only to be seen by those who look for faults. */
  record Debug(String text) implements Command {}

  /** Send this file here. */
  record Load(String file) implements Command {}

  /** Fetch a path of the server into a file; without a name, to the standard output. */
  record HttpGet(String file, String path) implements Command {}

  /** Send a file to a path of the server. */
  record HttpPut(String file, String path) implements Command {}

  /** Join the terminal and a path of the server. */
  record HttpConnect(String path) implements Command {}

  /** Send a line that the user types. */
  record Prompt() implements Command {}

  /** End with this status. */
  record Exit(int status) implements Command {}

  /** An error of the API that the server has no better words for. */
  record Failure(String code, List<String> parameters) implements Command {
    public Failure {
      parameters = List.copyOf(parameters);
    }
  }

  /** How the program at the terminal got on. */
  enum Response implements Message {
    OK(5),
    FAILED(6),
    /** It goes on; says so now and then, so that the connection is known to live. */
    WAIT(18);

    private final int tag;

    Response(int tag) {
      this.tag = tag;
    }

    int tag() {
      return tag;
    }
  }

  /**
   * So many bytes of a file follow.
   *
   * @param length in bytes
   */
  record Chunk(int length) implements Message {}

  /** The file was sent to its end. */
  record End() implements Message {}
}
