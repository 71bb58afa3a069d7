package io.keelson.conformance.fuzz.make;

import java.util.Optional;
import java.util.stream.Stream;

/** What a server owes a request. */
public enum Wanted {
  /** A response of XML-RPC. */
  XML(".xml.http"),
  /** A response of JSON-RPC. */
  JSON(".json.http"),
  /** Any response of HTTP. */
  REPLY(".http"),
  /** A response, or the end of the connection, which is how a download tells that it fails. */
  ANYTHING(".any"),
  /**
   * The same, and the client says that nothing more comes: it may not have sent a whole request.
   */
  PART(".part"),
  /** What a command of xe has to say, in the protocol of xe, up to the end of the connection. */
  THIN(".thin"),
  /** Nothing: the client goes away when it has sent its request. */
  NOTHING(".gone");

  private final String suffix;

  Wanted(String suffix) {
    this.suffix = suffix;
  }

  /** Whether the server may end the connection without a response. */
  public boolean mayEnd() {
    return switch (this) {
      case ANYTHING, PART, NOTHING -> true;
      case XML, JSON, REPLY, THIN -> false;
    };
  }

  /** How the names of files end that hold such requests. */
  public String suffix() {
    return suffix;
  }

  /** What is wanted of a request that is kept under that name. */
  public static Optional<Wanted> of(String fileName) {
    return Stream.of(values()).filter(w -> fileName.endsWith(w.suffix)).findFirst();
  }
}
