package io.keelson.reference.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text is text, whatever is in it. */
class MarkdownTest {
  @Test
  void marksInTextAreNone() {
    assertThat(Markdown.inlines(List.of(Inline.text("a_b * <c> | d"), Inline.code("e|f"))))
        .isEqualTo("a\\_b \\* \\<c\\> \\| d`e\\|f`");
  }

  @Test
  void linksLeadToFiles() {
    assertThat(Markdown.inlines(List.of(Inline.codeLink(new Target("VM", "start"), "VM.start"))))
        .isEqualTo("[`VM.start`](VM.md#start)");
    assertThat(Markdown.inlines(List.of(Inline.link("index", "first"))))
        .isEqualTo("[first](README.md)");
  }

  @Test
  void rowsHaveAnchors() {
    Block table =
        new Block.Table(
            "Things",
            List.of("A", "B"),
            List.of(new Block.Row("x", List.of(List.of(Inline.text("1")), List.of()))));

    assertThat(MarkdownBlocks.of(List.of(table)))
        .isEqualTo("| A | B |\n| --- | --- |\n| <a id=\"x\"></a>1 |  |\n\n");
  }
}
