package io.keelson.reference.pages;

import io.keelson.model.Model;
import io.keelson.model.TransferFacts;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;

/** What is done over HTTP besides calling messages. */
final class TransfersPage {
  private final Model model;

  TransfersPage(Model model) {
    this.model = model;
  }

  static String anchor(TransferFacts transfer) {
    return transfer.verb() + transfer.path().replace('/', '.');
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Lead(
            "Disks, archives, consoles and statistics travel over HTTP, beside the calls."));
    blocks.add(
        Block.Paragraph.of(
            Inline.text("Name a session with "),
            Inline.code("session_id="),
            Inline.text(
                " in the query or in a cookie, or log in by basic authentication. Transfers are"
                    + " followed by a "),
            Inline.codeLink(Target.of("task"), "task"),
            Inline.text(": your own, if "),
            Inline.code("task_id="),
            Inline.text(" names one, or a new one, which the reply's header "),
            Inline.code("Task-id"),
            Inline.text(
                " names. Cancelling it ends the transfer; its error_info says why one failed.")));
    for (TransferFacts transfer : model.transfers()) {
      blocks.add(
          new Block.Heading(
              2, anchor(transfer), transfer.verb() + " " + transfer.path(), true, List.of()));
      blocks.add(new Block.Paragraph(Lines.text(transfer.summary())));
      blocks.add(
          new Block.Facts(
              List.of(
                  new Block.Fact("Least role", Lines.line(Links.role(transfer.role()))),
                  new Block.Fact("Permission", Lines.code(transfer.permission())))));
      if (!transfer.params().isEmpty()) {
        blocks.add(
            new Block.Table(
                "Parameters of " + transfer.path(),
                List.of("Parameter", "Meaning"),
                transfer.params().stream()
                    .map(p -> Lines.row("", Lines.code(p.name()), Lines.text(p.summary())))
                    .toList()));
      }
    }
    return new Page(Links.TRANSFERS, "File transfers", Page.Kind.GUIDE, blocks);
  }
}
