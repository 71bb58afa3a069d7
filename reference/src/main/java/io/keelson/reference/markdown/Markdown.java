package io.keelson.reference.markdown;

import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.List;
import java.util.stream.Collectors;

/** Lines as Markdown. */
final class Markdown {
  private Markdown() {}

  static String inlines(List<Inline> content) {
    return content.stream().map(Markdown::inline).collect(Collectors.joining());
  }

  private static String inline(Inline inline) {
    return switch (inline) {
      case Inline.Text(String text) -> escaped(text);
      case Inline.Code(String text) -> code(text);
      case Inline.Badge(String text) -> " **" + escaped(text) + "**";
      case Inline.Aside(List<Inline> content) -> inlines(content);
      case Inline.Link(Target target, List<Inline> content) ->
          "[" + inlines(content) + "](" + address(target) + ")";
    };
  }

  static String escaped(String text) {
    return text.replaceAll("[\\\\`*_<>\\[\\]|~]", "\\\\$0");
  }

  private static String code(String text) {
    String fence = text.contains("`") ? "``" : "`";
    return fence + text.replace("|", "\\|") + fence;
  }

  static String address(Target target) {
    return file(target.page()) + (target.anchor().isEmpty() ? "" : "#" + target.anchor());
  }

  /** The first page has the name that is shown by itself where folders are looked at. */
  static String file(String page) {
    return (page.equals(Page.START) ? "README" : page) + ".md";
  }

  /** What is in code is in code already. */
  static String plain(List<Inline> content) {
    return content.stream()
        .map(inline ->
            switch (inline) {
              case Inline.Text(String text) -> text;
              case Inline.Code(String text) -> text;
              case Inline.Badge(String text) -> text;
              case Inline.Aside(List<Inline> inside) -> plain(inside);
              case Inline.Link(Target _, List<Inline> inside) -> plain(inside);
            })
        .collect(Collectors.joining());
  }
}
