package io.keelson.control.patch;

import io.keelson.api.CleanText;

/** What programs say, as the API can hand it on. */
final class PatchText {
  private PatchText() {}

  /** The text, with a question mark for what no reply can hold. */
  static String clean(String output) {
    StringBuilder clean = new StringBuilder(output.length());
    output
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> clean.append(CleanText.isClean(c) ? c : "?"));
    return clean.toString();
  }
}
