package io.keelson.reference.markdown;

import io.keelson.reference.document.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All pages as Markdown. */
public final class MarkdownSite {
  private final List<Page> pages;

  public MarkdownSite(List<Page> pages) {
    this.pages = pages;
  }

  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Page page : pages) {
      String text =
          "# %s\n\n%s".formatted(Markdown.escaped(page.title()), MarkdownBlocks.of(page.blocks()));
      Files.writeString(folder.resolve(Markdown.file(page.name())), text.stripTrailing() + "\n");
    }
  }
}
