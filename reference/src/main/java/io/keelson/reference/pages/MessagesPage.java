package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every message by its name, to be searched with the browser. */
final class MessagesPage {
  private final Surface surface;

  MessagesPage(Surface surface) {
    this.surface = surface;
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Lead(
            "All %d messages. Those that follow from fields are behind those of their own."
                .formatted(surface.messages().size())));
    for (ClassFacts facts : surface.classes()) {
      List<Message> all =
          surface.messages().stream().filter(m -> m.apiClass().equals(facts.name())).toList();
      if (!all.isEmpty()) {
        blocks.add(Block.Heading.of(2, facts.name(), facts.name()));
        add(blocks, all, m -> !m.implicit());
        add(blocks, all, Message::implicit);
      }
    }
    return new Page(Links.MESSAGES, "All messages", Page.Kind.GUIDE, blocks);
  }

  private static void add(List<Block> blocks, List<Message> all, Predicate<Message> wanted) {
    List<List<Inline>> names = all.stream().filter(wanted).map(MessagesPage::name).toList();
    if (!names.isEmpty()) {
      blocks.add(new Block.Paragraph(Lines.joined(names, "\u00a0\u00b7 ")));
    }
  }

  /** Accessors of a field stand in one row. */
  private static List<Inline> name(Message message) {
    Target target =
        message.implicit() && !Accessor.of(message).field().isEmpty()
            ? Links.field(message.apiClass(), Accessor.of(message).field())
            : Links.message(message);
    return Lines.line(Inline.codeLink(target, message.name()));
  }
}
