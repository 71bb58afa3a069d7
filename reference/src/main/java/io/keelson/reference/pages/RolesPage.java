package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Role;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import io.keelson.model.RoleFacts;
import io.keelson.model.TransferFacts;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may do what. */
final class RolesPage {
  private static final List<String> HEADS =
      List.of(
          "Message",
          "read-only",
          "vm-operator",
          "vm-admin",
          "vm-power-admin",
          "pool-operator",
          "pool-admin");

  private final Model model;
  private final Surface surface;

  RolesPage(Model model, Surface surface) {
    this.model = model;
    this.surface = surface;
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Lead("Six roles, each of which holds what those before it may do."));
    List<Block.Row> roles = new ArrayList<>();
    for (RoleFacts role : model.roles()) {
      long may =
          surface.messages().stream()
              .filter(m ->
                  m.least()
                      .filter(least -> least.compareTo(Role.of(role.name()).orElseThrow()) <= 0)
                      .isPresent())
              .count();
      roles.add(
          Lines.row(
              role.name(),
              Lines.code(role.name()),
              Lines.text(role.summary()),
              Lines.text(Long.toString(may))));
    }
    blocks.add(new Block.Table("Roles", List.of("Role", "What its holders do", "Messages"), roles));
    blocks.add(Block.Heading.of(2, "superuser", "The local superuser"));
    blocks.add(
        Block.Paragraph.of(
            Inline.text(
                "Whoever logs in as root, the account of the pool itself, is bound to no role."
                    + " A few messages are theirs alone; they are marked \"local"
                    + " superuser\". Everybody else gets "),
            Links.error("RBAC_PERMISSION_DENIED"),
            Inline.text(
                " for what their role does not hold. A subject of a directory gets roles with "),
            Inline.codeLink(new Target("subject", "add_to_roles"), "subject.add_to_roles"),
            Inline.text(".")));
    for (ClassFacts facts : model.classes()) {
      table(blocks, facts);
    }
    blocks.add(Block.Heading.of(2, "transfers", "File transfers"));
    blocks.add(
        new Block.Table(
            "Roles for file transfers",
            HEADS,
            model.transfers().stream().map(RolesPage::transfer).toList()));
    return new Page(Links.ROLES, "Roles", Page.Kind.GUIDE, blocks);
  }

  private void table(List<Block> blocks, ClassFacts facts) {
    List<Block.Row> rows = new ArrayList<>();
    Map<String, List<Message>> accessors = new LinkedHashMap<>();
    for (Message message : surface.messages()) {
      if (!message.apiClass().equals(facts.name())) {
        continue;
      }
      if (message.implicit()) {
        String role = message.least().map(Role::text).orElse("");
        String does = message.kind().startsWith("get_") ? "reading" : "writing";
        accessors.computeIfAbsent(does + " " + role, _ -> new ArrayList<>()).add(message);
      } else {
        rows.add(
            row(
                Lines.line(Inline.codeLink(Links.message(message), message.name())),
                message.least()));
      }
    }
    accessors.values().forEach(alike -> rows.add(row(accessors(alike), alike.getFirst().least())));
    if (!rows.isEmpty()) {
      blocks.add(Block.Heading.of(2, "class." + facts.name(), facts.name()));
      blocks.add(new Block.Table("Roles for class " + facts.name(), HEADS, rows));
    }
  }

  /** Accessors that the same roles may call, by the fields that they reach. */
  private static List<Inline> accessors(List<Message> alike) {
    Message first = alike.getFirst();
    if (first.kind().startsWith("get_")) {
      return Lines.line(
          new Inline.Link(
              new Target(first.apiClass(), "accessors"), Lines.text("reading objects and fields")));
    }
    List<String> fields = alike.stream().map(m -> Accessor.of(m).field()).distinct().toList();
    List<Inline> line = new ArrayList<>(Lines.text("writing "));
    line.addAll(
        Lines.joined(
            fields.stream()
                .map(f -> Lines.line(Inline.codeLink(Links.field(first.apiClass(), f), f)))
                .toList(),
            ", "));
    return line;
  }

  private static Block.Row transfer(TransferFacts transfer) {
    return row(
        Lines.line(
            Inline.codeLink(
                new Target(Links.TRANSFERS, TransfersPage.anchor(transfer)),
                transfer.verb() + " " + transfer.path())),
        Role.of(transfer.role()));
  }

  private static Block.Row row(List<Inline> name, Optional<Role> least) {
    List<List<Inline>> cells = new ArrayList<>();
    cells.add(
        least.isPresent()
            ? name
            : Lines.joined(List.of(name, Lines.text("(local superuser)")), " "));
    for (Role role : Role.values()) {
      boolean may = least.filter(l -> l.compareTo(role) <= 0).isPresent();
      cells.add(Lines.text(may ? "\u2713" : ""));
    }
    return new Block.Row("", cells);
  }
}
