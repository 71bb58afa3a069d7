package io.keelson.reference.pages;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The fields of a class, as a table. */
final class Fields {
  private final ClassFacts facts;
  private final Surface surface;
  private final Prose prose;
  private final List<FieldFacts> fields;

  Fields(ClassFacts facts, Surface surface, Prose prose) {
    this.facts = facts;
    this.surface = surface;
    this.prose = prose;
    this.fields = surface.fields(facts.name());
  }

  boolean isEmpty() {
    return fields.isEmpty();
  }

  Block table() {
    return new Block.Table(
        "Fields",
        List.of("Field", "Type", "Access", "Meaning"),
        fields.stream().map(this::row).toList());
  }

  private Block.Row row(FieldFacts field) {
    List<Inline> name = new ArrayList<>(Lines.code(field.name()));
    field.status().ifPresent(status -> name.add(new Inline.Badge(status)));
    List<Inline> meaning = new ArrayList<>(prose.of(field.summary() + " "));
    meaning.add(new Inline.Aside(more(field)));
    return Lines.row(
        "field." + field.name(),
        name,
        Links.type(field.type()),
        Lines.text(access(field)),
        meaning);
  }

  private String access(FieldFacts field) {
    boolean given = facts.constructor().filter(c -> c.fields().contains(field.name())).isPresent();
    return field.access().equals("read-only") && given ? "set by create" : field.access();
  }

  /** Its default, who may write it, whose other side it is, and since when it is there. */
  private List<Inline> more(FieldFacts field) {
    List<List<Inline>> all = new ArrayList<>();
    field.fallback().ifPresent(text -> all.add(fallback(field, text)));
    field
        .inverseOf()
        .flatMap(this::visible)
        .ifPresent(target ->
            all.add(
                Lines.line(
                    Inline.text("The other side of "),
                    Inline.codeLink(target, field.inverseOf().orElseThrow()))));
    field
        .writer()
        .filter(role -> !role.equals(facts.writer()))
        .ifPresent(role -> all.add(Lines.line(Inline.text("Written by "), Links.role(role))));
    field
        .keyRoles()
        .forEach((key, role) ->
            all.add(
                Lines.line(
                    Inline.text("Its key "),
                    Inline.code(key),
                    Inline.text(" is written by "),
                    Links.role(role))));
    String times = Links.times(field.lifecycle());
    if (!times.isEmpty()) {
      all.add(Lines.text(times.substring(0, 1).toUpperCase(Locale.ROOT) + times.substring(1)));
    }
    List<Inline> line = Lines.joined(all, ". ");
    return all.isEmpty() ? line : Lines.joined(List.of(line, Lines.text("")), ".");
  }

  /** Where a field stands that clients see. */
  private Optional<Target> visible(String field) {
    String[] parts = field.split("\\.");
    return surface.fields(parts[0]).stream()
        .filter(f -> f.name().equals(parts[1]))
        .map(f -> Links.field(parts[0], f.name()))
        .findFirst();
  }

  private static List<Inline> fallback(FieldFacts field, String text) {
    return text.equals("computed")
        ? Lines.text("Default: " + field.fallbackRule().orElse("worked out by the server"))
        : Lines.line(Inline.text("Default: "), Inline.code(text));
  }
}
