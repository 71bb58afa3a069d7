package io.keelson.reference.html;

import io.keelson.reference.document.Block;
import java.util.List;

/** Parts of a page as HTML. */
final class HtmlBlocks {
  private final StringBuilder out = new StringBuilder();

  static String of(List<Block> blocks) {
    HtmlBlocks html = new HtmlBlocks();
    blocks.forEach(html::block);
    return html.out.toString();
  }

  private void block(Block block) {
    switch (block) {
      case Block.Heading heading -> heading(heading);
      case Block.Lead(String text) ->
          line("<p class=\"lead\">%s</p>".formatted(Html.escaped(text)));
      case Block.Paragraph(var content) -> line("<p>%s</p>".formatted(Html.inlines(content)));
      case Block.Signature(var content) ->
          line("<p class=\"signature\"><code>%s</code></p>".formatted(Html.inlines(content)));
      case Block.Facts(var facts) -> {
        line("<dl>");
        facts.forEach(f ->
            line(
                "<div><dt>%s</dt><dd>%s</dd></div>"
                    .formatted(Html.escaped(f.name()), Html.inlines(f.content()))));
        line("</dl>");
      }
      case Block.Items(var items) -> {
        line("<ul>");
        items.forEach(item -> line("<li>%s</li>".formatted(Html.inlines(item))));
        line("</ul>");
      }
      case Block.Table table -> table(table);
      case Block.Code(String label, String language, String text) ->
          line(
              "<figure><figcaption>%s</figcaption><pre tabindex=\"0\"><code class=\"%s\">%s</code></pre></figure>"
                  .formatted(Html.escaped(label), language, Html.escaped(text)));
      case Block.Folded(String title, List<Block> content) -> {
        line("<details><summary>%s</summary>".formatted(Html.escaped(title)));
        content.forEach(this::block);
        line("</details>");
      }
    }
  }

  private void heading(Block.Heading heading) {
    String text = Html.escaped(heading.text());
    line(
        "<h%d id=\"%s\"><a href=\"#%2$s\">%s</a>%s</h%1$d>"
            .formatted(
                heading.level(),
                Html.escaped(heading.anchor()),
                heading.code() ? "<code>" + text + "</code>" : text,
                Html.inlines(heading.badges())));
  }

  private void table(Block.Table table) {
    line(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table>"
            .formatted(Html.escaped(table.name())));
    line("<thead><tr>");
    table.heads().forEach(head -> line("<th scope=\"col\">%s</th>".formatted(Html.escaped(head))));
    line("</tr></thead>\n<tbody>");
    for (Block.Row row : table.rows()) {
      out.append(
          row.anchor().isEmpty() ? "<tr>" : "<tr id=\"" + Html.escaped(row.anchor()) + "\">");
      for (int i = 0; i < row.cells().size(); i++) {
        String cell = Html.inlines(row.cells().get(i));
        out.append(i == 0 ? "<th scope=\"row\">" + cell + "</th>" : "<td>" + cell + "</td>");
      }
      line("</tr>");
    }
    line("</tbody></table></div>");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
