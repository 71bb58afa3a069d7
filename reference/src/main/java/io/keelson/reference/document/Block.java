package io.keelson.reference.document;

import java.util.List;

/** A part of a page. */
public sealed interface Block {
  /**
   * A heading.
   *
   * @param level 2 for the parts of a page, 3 for what is in them
   * @param anchor where links to it lead
   * @param badges words that warn, behind it
   */
  record Heading(int level, String anchor, String text, boolean code, List<Inline> badges)
      implements Block {
    public static Heading of(int level, String anchor, String text) {
      return new Heading(level, anchor, text, false, List.of());
    }
  }

  /** The sentence that a page begins with. */
  record Lead(String text) implements Block {}

  /** A paragraph. */
  record Paragraph(List<Inline> content) implements Block {
    public static Paragraph of(Inline... content) {
      return new Paragraph(List.of(content));
    }
  }

  /** How a message is called. */
  record Signature(List<Inline> content) implements Block {}

  /** Short facts, each with its name. */
  record Facts(List<Fact> facts) implements Block {}

  /** A fact. */
  record Fact(String name, List<Inline> content) {}

  /** A list. */
  record Items(List<List<Inline>> items) implements Block {}

  /**
   * A table.
   *
   * @param name what it is a table of, for those who do not see it
   */
  record Table(String name, List<String> heads, List<Row> rows) implements Block {}

  /**
   * A row, whose first cell says what it is about.
   *
   * @param anchor where links to it lead; empty for none
   */
  record Row(String anchor, List<List<Inline>> cells) {}

  /** Text for machines. */
  record Code(String label, String language, String text) implements Block {}

  /** What a reader opens who wants to see it. */
  record Folded(String title, List<Block> content) implements Block {}
}
