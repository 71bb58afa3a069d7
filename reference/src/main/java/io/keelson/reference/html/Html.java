package io.keelson.reference.html;

import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.List;
import java.util.stream.Collectors;

/** Lines as HTML that an XML parser reads too. */
final class Html {
  private static final int LONG = 30;

  private Html() {}

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String inlines(List<Inline> content) {
    return content.stream().map(Html::inline).collect(Collectors.joining());
  }

  private static String inline(Inline inline) {
    return switch (inline) {
      case Inline.Text(String text) -> escaped(text);
      case Inline.Code(String text) -> code(text);
      case Inline.Badge(String text) -> " <span class=\"badge\">" + escaped(text) + "</span>";
      case Inline.Aside(List<Inline> content) ->
          "<span class=\"aside\">" + inlines(content) + "</span>";
      case Inline.Link(Target target, List<Inline> content) ->
          "<a href=\"" + escaped(address(target)) + "\">" + inlines(content) + "</a>";
    };
  }

  /** Long names may go on in the next line behind each of their words. */
  private static String code(String text) {
    return text.length() <= LONG || text.contains(" ")
        ? "<code>" + escaped(text) + "</code>"
        : "<code class=\"long\">" + escaped(text).replace("_", "_<wbr/>") + "</code>";
  }

  static String address(Target target) {
    return target.page() + ".html" + (target.anchor().isEmpty() ? "" : "#" + target.anchor());
  }

  static String file(Page page) {
    return page.name() + ".html";
  }
}
