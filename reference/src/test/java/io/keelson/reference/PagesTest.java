package io.keelson.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** All that the model has is on a page, in both forms, and every link leads somewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
  private static final Pattern IN_HTML = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern IN_MARKDOWN = Pattern.compile("\\]\\(([^)]*)\\)");

  private final Model model = Model.load();
  private final Surface surface = new Surface(model);

  private Path folder = Path.of("");

  @BeforeAll
  void write(@TempDir Path made) throws IOException {
    folder = made;
    Main.write(folder);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Links html = Links.of(folder.resolve("html"), IN_HTML);
    Links markdown = Links.of(folder.resolve("markdown"), IN_MARKDOWN);

    assertThat(html.broken()).isEmpty();
    assertThat(markdown.broken()).isEmpty();
    assertThat(markdown.count()).isGreaterThan(7_000);
    assertThat(html.count()).isGreaterThan(markdown.count());
  }

  @ParameterizedTest
  @CsvSource({"html/,.html", "markdown/,.md"})
  void everythingThatTheModelHasIsThere(String start, String ending) {
    List<String> lacking = new ArrayList<>();
    for (ClassFacts facts : model.classes()) {
      String page = page(start + facts.name() + ending);
      List<String> wanted = new ArrayList<>();
      surface.fields(facts.name()).forEach(f -> wanted.add(" id=\"field." + f.name() + "\""));
      surface.messages().stream()
          .filter(m -> m.apiClass().equals(facts.name()))
          .forEach(m -> wanted.add(m.implicit() ? m.name() : " id=\"" + m.name() + "\""));
      facts.enums().forEach(e -> wanted.addAll(e.values()));
      facts.messages().forEach(m -> wanted.addAll(m.errors()));
      wanted.removeIf(page::contains);
      wanted.forEach(what -> lacking.add(facts.name() + " lacks " + what));
    }
    lack(
        lacking,
        page(start + "errors" + ending),
        model.errors().stream().map(e -> " id=\"" + e.wireText() + "\""));
    lack(
        lacking,
        page(start + "roles" + ending),
        model.roles().stream().map(r -> " id=\"" + r.name() + "\""));
    lack(
        lacking, page(start + "transfers" + ending), model.transfers().stream().map(t -> t.path()));
    lack(
        lacking, page(start + "messages" + ending), surface.messages().stream().map(m -> m.name()));
    lack(
        lacking,
        page(start + "types" + ending),
        model.classes().stream()
            .flatMap(c -> c.enums().stream())
            .map(e -> " id=\"enum." + e.name() + "\""));
    assertThat(lacking).isEmpty();
  }

  private static void lack(List<String> lacking, String page, Stream<String> wanted) {
    wanted.filter(what -> !page.contains(what)).forEach(lacking::add);
  }

  /** With what makes it usable for those who do not see it, or have no network. */
  @Test
  void htmlIsWellFormedAndSufficesForItself() throws IOException {
    for (Path file : files("html", ".html")) {
      Document page = parsed(file);
      assertThat(page.getDocumentElement().getAttribute("lang"))
          .as(file.toString())
          .isEqualTo("en");
      for (String once : List.of("title", "h1", "main", "nav", "header")) {
        assertThat(page.getElementsByTagName(once).getLength()).as(file + " " + once).isOne();
      }
      for (String never : List.of("script", "img", "iframe")) {
        assertThat(page.getElementsByTagName(never).getLength()).as(file + " " + never).isZero();
      }
      assertThat(Files.readString(file)).doesNotContain("href=\"http");
    }
  }

  @Test
  void everyRowSaysSomething() throws IOException {
    for (Path file : files("html", ".html")) {
      NodeList heads = parsed(file).getElementsByTagName("th");
      for (int i = 0; i < heads.getLength(); i++) {
        assertThat(heads.item(i).getTextContent()).as(file.toString()).isNotBlank();
      }
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("Optional[");
    }
  }

  private List<Path> files(String form, String ending) throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve(form))) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private String page(String name) {
    try {
      return Files.readString(folder.resolve(name)).replace("\\_", "_").replace("<wbr/>", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Document parsed(Path file) {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(file.toFile());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(file + " is not well formed", e);
    }
  }
}
