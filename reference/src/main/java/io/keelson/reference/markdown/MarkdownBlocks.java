package io.keelson.reference.markdown;

import io.keelson.reference.document.Block;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of a page as Markdown. */
final class MarkdownBlocks {
  private final StringBuilder out = new StringBuilder();

  static String of(List<Block> blocks) {
    MarkdownBlocks markdown = new MarkdownBlocks();
    blocks.forEach(markdown::block);
    return markdown.out.toString();
  }

  private void block(Block block) {
    switch (block) {
      case Block.Heading heading ->
          part(
              "<a id=\"%s\"></a>\n\n%s %s%s"
                  .formatted(
                      heading.anchor(),
                      "#".repeat(heading.level()),
                      Markdown.escaped(heading.text()),
                      Markdown.inlines(heading.badges())));
      case Block.Lead(String text) -> part(Markdown.escaped(text));
      case Block.Paragraph(var content) -> part(Markdown.inlines(content));
      case Block.Signature(var content) -> part("```\n%s\n```".formatted(Markdown.plain(content)));
      case Block.Facts(var facts) ->
          list(
              facts.stream()
                  .map(f -> Markdown.escaped(f.name()) + ": " + Markdown.inlines(f.content()))
                  .toList());
      case Block.Items(var items) -> list(items.stream().map(Markdown::inlines).toList());
      case Block.Table table -> table(table);
      case Block.Code(String label, String language, String text) ->
          part("%s\n\n```%s\n%s\n```".formatted(Markdown.escaped(label), language, text));
      case Block.Folded(String title, List<Block> content) -> {
        part("<details><summary>%s</summary>".formatted(title));
        content.forEach(this::block);
        part("</details>");
      }
    }
  }

  private void list(List<String> items) {
    part(items.stream().map(item -> "- " + item).collect(Collectors.joining("\n")));
  }

  private void table(Block.Table table) {
    out.append(row(table.heads().stream().map(Markdown::escaped).toList()));
    out.append(row(Collections.nCopies(table.heads().size(), "---")));
    for (Block.Row row : table.rows()) {
      String anchor = row.anchor().isEmpty() ? "" : "<a id=\"" + row.anchor() + "\"></a>";
      out.append(
          row(row.cells().stream().map(Markdown::inlines).toList())
              .replaceFirst("\\| ", "| " + anchor));
    }
    out.append('\n');
  }

  private static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private void part(String text) {
    out.append(text).append("\n\n");
  }
}
