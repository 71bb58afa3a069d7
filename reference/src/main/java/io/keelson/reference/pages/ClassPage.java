package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;

/** The page of a class: what its objects are, their fields, and the messages that they take. */
final class ClassPage {
  private final ClassFacts facts;
  private final Surface surface;
  private final Prose prose;
  private final List<Described> messages;
  private final Fields fields;
  private final MessageParts parts;
  private final Accessors accessors;

  ClassPage(Model model, ClassFacts facts, Surface surface, Examples examples) {
    this.facts = facts;
    this.surface = surface;
    this.prose = new Prose(model, surface);
    this.messages = Described.of(facts, surface);
    this.fields = new Fields(facts, surface, prose);
    this.parts = new MessageParts(model, examples, prose);
    this.accessors = new Accessors(facts, surface, examples);
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Lead(facts.summary()));
    facts.about().ifPresent(about -> blocks.add(new Block.Paragraph(prose.of(about))));
    blocks.add(new Block.Facts(traits()));
    if (!fields.isEmpty()) {
      blocks.add(Block.Heading.of(2, "fields", "Fields"));
      blocks.add(fields.table());
    }
    if (!facts.enums().isEmpty()) {
      blocks.add(Block.Heading.of(2, "enums", "Enums"));
      blocks.add(new Block.Items(facts.enums().stream().map(ClassPage::enumeration).toList()));
    }
    if (!messages.isEmpty()) {
      blocks.add(Block.Heading.of(2, "messages", "Messages"));
      blocks.add(overview());
      messages.forEach(message -> blocks.addAll(parts.of(message)));
    }
    blocks.addAll(accessors.blocks());
    return new Page(facts.name(), facts.name(), Page.Kind.API_CLASS, blocks);
  }

  private List<Block.Fact> traits() {
    List<Block.Fact> all = new ArrayList<>();
    List<List<Inline>> here = new ArrayList<>();
    addPart(here, !fields.isEmpty(), "fields", "Fields");
    addPart(here, !messages.isEmpty(), "messages", "Messages");
    addPart(here, !surface.implicit(facts.name()).isEmpty(), "accessors", "Accessors");
    all.add(new Block.Fact("On this page", Lines.joined(here, ", ")));
    all.add(new Block.Fact("Objects", Lines.text(objects())));
    if (facts.constructor().isPresent() || !facts.writer().equals("undefined")) {
      all.add(new Block.Fact("Role to change them", Lines.line(Links.role(facts.writer()))));
    }
    return all;
  }

  private void addPart(List<List<Inline>> parts, boolean there, String anchor, String name) {
    if (there) {
      parts.add(
          Lines.line(
              new Inline.Link(new Target(facts.name(), anchor), List.of(Inline.text(name)))));
    }
  }

  private String objects() {
    if (surface.implicit(facts.name()).isEmpty()) {
      return fields.isEmpty()
          ? "none; the class is a group of messages"
          : "none with a reference; records of it are part of what messages answer with";
    }
    List<String> found = new ArrayList<>(List.of("UUID"));
    if (facts.traits().nameLabel()) {
      found.add("name");
    }
    return "found by "
        + String.join(" and by ", found)
        + (facts.traits().getAll() ? ", listed by get_all" : ", not listed")
        + (facts.traits().events() ? "; event.from tells of their changes" : "; no events");
  }

  private static List<Inline> enumeration(ClassFacts.EnumFacts e) {
    List<Inline> line = new ArrayList<>();
    line.add(Inline.codeLink(new Target(Links.TYPES, "enum." + e.name()), e.name()));
    line.add(Inline.text(": "));
    line.addAll(Lines.joined(e.values().stream().map(Lines::code).toList(), ", "));
    return line;
  }

  private Block overview() {
    List<Block.Row> rows = new ArrayList<>();
    for (Described message : messages) {
      Message one = message.message();
      List<Inline> name = new ArrayList<>();
      name.add(Inline.codeLink(Links.message(one), one.name()));
      message.status().ifPresent(status -> name.add(new Inline.Badge(status)));
      rows.add(
          Lines.row("", name, prose.of(message.summary()), Lines.line(Links.role(message.role()))));
    }
    return new Block.Table("Messages", List.of("Message", "What it does", "Least role"), rows);
  }
}
