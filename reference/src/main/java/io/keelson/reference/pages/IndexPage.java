package io.keelson.reference.pages;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;

/** Where readers begin. */
final class IndexPage {
  private final Model model;
  private final Surface surface;

  IndexPage(Model model, Surface surface) {
    this.model = model;
    this.surface = surface;
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Lead(
            "The XenServer Management API (XenAPI) as Keelson speaks it: every class, field,"
                + " message, role and error."));
    blocks.add(
        Block.Paragraph.of(
            Inline.text("New to it? Read "),
            Inline.link(Links.CALLING, "how to call it"),
            Inline.text(", then look at "),
            Inline.link("VM", "VM"),
            Inline.text(", "),
            Inline.link("VDI", "VDI"),
            Inline.text(", "),
            Inline.link("SR", "SR"),
            Inline.text(", "),
            Inline.link("network", "network"),
            Inline.text(" and "),
            Inline.link("host", "host"),
            Inline.text(
                ". Examples are calls that the conformance suite made of a server; what differs"
                    + " from run to run has stand-ins, and long answers are cut, which an ellipsis"
                    + " shows.")));
    blocks.add(
        new Block.Items(
            List.of(
                entry(Links.CALLING, "Calling the API", "sessions, formats, tasks, events, errors"),
                entry(
                    Links.MESSAGES,
                    "All messages",
                    "%d by name, on one page".formatted(surface.messages().size())),
                entry(Links.TYPES, "Types and enums", "how values look in each format"),
                entry(Links.ROLES, "Roles", "who may do what"),
                entry(
                    Links.ERRORS,
                    "Errors",
                    "%d codes and what they mean".formatted(model.errors().size())),
                entry(
                    Links.TRANSFERS, "File transfers", "disks, archives and consoles over HTTP"))));
    blocks.add(Block.Heading.of(2, "classes", "Classes"));
    blocks.add(
        new Block.Table(
            "Classes",
            List.of("Class", "What it is", "Fields", "Messages"),
            model.classes().stream().map(this::row).toList()));
    return new Page(Page.START, "Keelson API reference", Page.Kind.GUIDE, blocks);
  }

  private static List<Inline> entry(String page, String title, String what) {
    return Lines.line(Inline.link(page, title), Inline.text(": " + what));
  }

  private Block.Row row(ClassFacts facts) {
    long messages =
        surface.messages().stream()
            .filter(m -> !m.implicit() && m.apiClass().equals(facts.name()))
            .count();
    return Lines.row(
        "",
        Lines.line(Inline.codeLink(Target.of(facts.name()), facts.name())),
        Lines.text(facts.summary()),
        Lines.text(Integer.toString(surface.fields(facts.name()).size())),
        Lines.text(Long.toString(messages)));
  }
}
