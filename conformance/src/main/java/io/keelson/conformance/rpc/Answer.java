package io.keelson.conformance.rpc;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a call came to. */
public sealed interface Answer {
  /** The call did what it was asked. */
  record Success(JsonNode value) implements Answer {}

  /** The call was refused: the code, then its parameters. */
  record Failure(List<String> description) implements Answer {
    public String code() {
      return description.isEmpty() ? "" : description.getFirst();
    }
  }

  /** What came back is no answer of the protocol. */
  record Garbled(String what) implements Answer {}

  /** Whether the call was refused with that code. */
  default boolean isError(String code) {
    return this instanceof Failure failure && failure.code().equals(code);
  }

  /** For people, on one line. */
  default String told() {
    return switch (this) {
      case Success(JsonNode value) -> "success " + shortened(value);
      case Failure(List<String> description) -> shortened(description.toString());
      case Garbled(String what) -> shortened(what);
    };
  }

  /** A value for people. */
  static String shortened(JsonNode value) {
    return shortened(value.toString());
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
