package io.keelson.reference.document;

import java.util.List;

/** A piece of a line. */
public sealed interface Inline {
  /** Words. */
  record Text(String text) implements Inline {}

  /** What a machine reads. */
  record Code(String text) implements Inline {}

  /** Words or code that lead somewhere. */
  record Link(Target target, List<Inline> content) implements Inline {
    public Link {
      content = List.copyOf(content);
    }
  }

  /** A word that warns, such as Deprecated. */
  record Badge(String text) implements Inline {}

  /** Further facts, which matter less. */
  record Aside(List<Inline> content) implements Inline {
    public Aside {
      content = List.copyOf(content);
    }
  }

  static Inline text(String text) {
    return new Text(text);
  }

  static Inline code(String text) {
    return new Code(text);
  }

  static Inline link(String page, String text) {
    return new Link(Target.of(page), List.of(new Text(text)));
  }

  static Inline codeLink(Target target, String text) {
    return new Link(target, List.of(new Code(text)));
  }
}
