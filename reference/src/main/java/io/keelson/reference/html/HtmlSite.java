package io.keelson.reference.html;

import io.keelson.reference.document.Page;
import io.keelson.reference.document.Page.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** All pages as HTML, with one stylesheet: no scripts, nothing from elsewhere. */
public final class HtmlSite {
  private static final String STYLE = "style.css";

  private final List<Page> pages;

  public HtmlSite(List<Page> pages) {
    this.pages = pages;
  }

  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Page page : pages) {
      Files.writeString(folder.resolve(Html.file(page)), text(page));
    }
    try (InputStream style = HtmlSite.class.getResourceAsStream(STYLE)) {
      if (style == null) {
        throw new IllegalStateException("no " + STYLE);
      }
      Files.write(folder.resolve(STYLE), style.readAllBytes());
    }
  }

  private String text(Page page) {
    return """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>%s</title>
    <link rel="stylesheet" href="%s"/>
    </head>
    <body>
    <a class="skip" href="#content">To the content</a>
    <header><a href="%s.html">Keelson <span>API reference</span></a></header>
    <nav aria-label="Pages">
    %s%s</nav>
    <main id="content">
    <h1>%s</h1>
    %s</main>
    </body>
    </html>
    """
        .formatted(
            Html.escaped(
                page.name().equals(Page.START) ? page.title() : page.title() + " - Keelson API"),
            STYLE,
            Page.START,
            list(Kind.GUIDE, "Guide", page),
            list(Kind.API_CLASS, "Classes", page),
            Html.escaped(page.title()),
            HtmlBlocks.of(page.blocks()));
  }

  private String list(Kind kind, String title, Page here) {
    return pages.stream()
        .filter(page -> page.kind() == kind)
        .map(page ->
            "<li><a href=\"%s\"%s>%s</a></li>\n"
                .formatted(
                    Html.file(page),
                    page.equals(here) ? " aria-current=\"page\"" : "",
                    Html.escaped(page.name().equals(Page.START) ? "Start" : page.title())))
        .collect(Collectors.joining("", "<h2>" + title + "</h2>\n<ul>\n", "</ul>\n"));
  }
}
