package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ErrorFacts;
import io.keelson.model.Model;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import java.util.ArrayList;
import java.util.List;

/** Every error code. */
final class ErrorsPage {
  /** Those that any call can answer with, by what it is given. */
  private static final List<String> ANY =
      List.of(
          "MESSAGE_METHOD_UNKNOWN",
          "MESSAGE_PARAMETER_COUNT_MISMATCH",
          "FIELD_TYPE_ERROR",
          "SESSION_INVALID",
          "RBAC_PERMISSION_DENIED",
          "HANDLE_INVALID",
          "UUID_INVALID",
          "INTERNAL_ERROR");

  private final Model model;
  private final Surface surface;
  private final Prose prose;

  ErrorsPage(Model model, Surface surface) {
    this.model = model;
    this.surface = surface;
    this.prose = new Prose(model, surface);
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Lead(
            "An error is a code and parameters, in this order, all of them strings. Programs go by"
                + " the code."));
    blocks.add(Block.Heading.of(2, "any", "Errors of any call"));
    blocks.add(
        Block.Paragraph.of(
            Inline.text(
                "Messages list the errors that are their own. Besides these, a call can fail by"
                    + " what it is given: "),
            new Inline.Aside(
                Lines.joined(ANY.stream().map(c -> Lines.line(Links.error(c))).toList(), ", ")),
            Inline.text(".")));
    blocks.add(Block.Heading.of(2, "codes", "All codes"));
    blocks.add(
        new Block.Table(
            "Error codes",
            List.of("Code", "Parameters", "Meaning", "What to do"),
            model.errors().stream().map(this::row).toList()));
    return new Page(Links.ERRORS, "Errors", Page.Kind.GUIDE, blocks);
  }

  private Block.Row row(ErrorFacts error) {
    String code = error.wireText();
    List<List<Inline>> listed =
        surface.messages().stream()
            .filter(m -> m.errors().contains(code))
            .map(ErrorsPage::message)
            .toList();
    List<Inline> meaning = new ArrayList<>(prose.of(error.summary()));
    if (!listed.isEmpty()) {
      List<Inline> by = new ArrayList<>(Lines.text(" Listed by "));
      by.addAll(Lines.joined(listed, ", "));
      by.add(Inline.text("."));
      meaning.add(new Inline.Aside(by));
    }
    return Lines.row(
        code,
        Lines.code(code),
        Lines.joined(error.params().stream().map(Lines::code).toList(), ", "),
        meaning,
        prose.of(error.next()));
  }

  private static List<Inline> message(Message message) {
    return Lines.line(Inline.codeLink(Links.message(message), message.wireName()));
  }
}
