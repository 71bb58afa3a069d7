package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Format;

/**
 * Shortens bodies: long lists, records and texts end in an ellipsis, which says how much is left
 * out.
 *
 * @param items how many items of a list are kept
 * @param members how many members of a record or map
 * @param objects how many members of a map whose keys are references
 */
record Cut(int items, int members, int objects) {
  static final String ELLIPSIS = "\u2026";

  /** What is sent is what readers want to see. */
  static final Cut REQUESTS = new Cut(50, 100, 50);

  static final Cut REPLIES = new Cut(4, 10, 1);

  private static final int LETTERS = 160;

  String of(Format format, String body) {
    return switch (format) {
      case JSON_RPC -> new CutJson(this).of(body);
      case XML_RPC -> new CutXml(this).of(body);
    };
  }

  /** How many members to keep of an object whose first has that name. */
  int members(String first) {
    return first.startsWith("OpaqueRef:") ? objects : members;
  }

  static String text(String text) {
    return text.length() <= LETTERS ? text : text.substring(0, LETTERS) + ELLIPSIS;
  }

  static String more(int number) {
    return number + " more";
  }
}
