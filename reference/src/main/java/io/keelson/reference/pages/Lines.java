package io.keelson.reference.pages;

import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import java.util.ArrayList;
import java.util.List;

/** Puts pieces together to lines and rows. */
final class Lines {
  private Lines() {}

  static List<Inline> line(Inline... content) {
    return List.of(content);
  }

  static List<Inline> text(String text) {
    return List.of(Inline.text(text));
  }

  static List<Inline> code(String text) {
    return List.of(Inline.code(text));
  }

  /** All of them, with something between. */
  static List<Inline> joined(List<List<Inline>> parts, String between) {
    List<Inline> all = new ArrayList<>();
    for (List<Inline> part : parts) {
      if (!all.isEmpty()) {
        all.add(Inline.text(between));
      }
      all.addAll(part);
    }
    return all;
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the list copies them
  static Block.Row row(String anchor, List<Inline>... cells) {
    return new Block.Row(anchor, List.of(cells));
  }
}
