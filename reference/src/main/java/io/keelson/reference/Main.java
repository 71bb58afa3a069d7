package io.keelson.reference;

import io.keelson.model.Model;
import io.keelson.reference.document.Page;
import io.keelson.reference.examples.Examples;
import io.keelson.reference.html.HtmlSite;
import io.keelson.reference.markdown.MarkdownSite;
import io.keelson.reference.pages.AllPages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the reference: {@code Main FOLDER}, which gets the folders html and markdown. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]));
  }

  /** Writes all pages in both forms. */
  static void write(Path folder) throws IOException {
    Model model = Model.load();
    List<Page> pages = AllPages.of(model, Examples.load(model));
    new HtmlSite(pages).write(folder.resolve("html"));
    new MarkdownSite(pages).write(folder.resolve("markdown"));
  }
}
