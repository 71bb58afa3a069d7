package io.keelson.reference.pages;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import io.keelson.reference.document.Block;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Page;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;

/** How values look in each format, and what the values of enums mean. */
final class TypesPage {
  private final Model model;
  private final Surface surface;

  TypesPage(Model model, Surface surface) {
    this.model = model;
    this.surface = surface;
  }

  Page page() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Lead("What values may be, and how each format writes them."));
    blocks.add(
        new Block.Table(
            "Types",
            List.of("Type", "Meaning", "XML-RPC", "JSON-RPC"),
            List.of(
                row("string", "Text in Unicode.", "string, or text alone", "string"),
                row(
                    "int",
                    "Whole number of 64 bits.",
                    "string of digits; i4 and int are read too",
                    "number"),
                row("float", "Real number.", "double", "number; NaN and infinities are strings"),
                row("bool", "True or false.", "boolean: 1 or 0", "true or false"),
                row(
                    "datetime",
                    "Moment, in UTC unless it says another zone.",
                    "dateTime.iso8601: 20260105T09:00:00Z",
                    "string of the same form"),
                row("void", "Nothing, as a result.", "empty string", "empty string"),
                row(
                    "ref",
                    "Reference to an object, good until the object is gone; OpaqueRef:NULL for none.",
                    "string",
                    "string"),
                row("record", "All fields of an object.", "struct", "object"),
                row(
                    "set",
                    "Values; references and values of enums are in it once at most.",
                    "array",
                    "array"),
                row("map", "Keys with a value each.", "struct", "object"))));
    for (ClassFacts facts : model.classes()) {
      facts.enums().forEach(e -> enumeration(blocks, facts, e));
    }
    return new Page(Links.TYPES, "Types and enums", Page.Kind.GUIDE, blocks);
  }

  private static Block.Row row(String name, String meaning, String xml, String json) {
    return Lines.row(
        name, Lines.code(name), Lines.text(meaning), Lines.text(xml), Lines.text(json));
  }

  private void enumeration(List<Block> blocks, ClassFacts facts, ClassFacts.EnumFacts e) {
    blocks.add(new Block.Heading(2, "enum." + e.name(), e.name(), true, List.of()));
    List<Inline> where = new ArrayList<>(Lines.text("An enum of class "));
    where.add(Inline.codeLink(Target.of(facts.name()), facts.name()));
    List<List<Inline>> uses = uses(new TypeExpression.Enumeration(e.name()));
    if (!uses.isEmpty()) {
      where.add(Inline.text(", the type of "));
      where.addAll(Lines.joined(uses, ", "));
    }
    where.add(Inline.text("."));
    blocks.add(new Block.Paragraph(where));
    blocks.add(
        new Block.Table(
            "Values of " + e.name(),
            List.of("Value", "Meaning"),
            e.meanings().entrySet().stream()
                .map(v -> Lines.row("", Lines.code(v.getKey()), Lines.text(v.getValue())))
                .toList()));
  }

  private List<List<Inline>> uses(TypeExpression type) {
    List<List<Inline>> uses = new ArrayList<>();
    for (ClassFacts facts : model.classes()) {
      surface.fields(facts.name()).stream()
          .filter(f -> holds(Surface.type(f), type))
          .forEach(f ->
              uses.add(
                  Lines.line(
                      Inline.codeLink(
                          Links.field(facts.name(), f.name()), facts.name() + "." + f.name()))));
    }
    return uses;
  }

  private static boolean holds(TypeExpression whole, TypeExpression part) {
    return switch (whole) {
      case TypeExpression.SetOf(TypeExpression member) -> holds(member, part);
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) ->
          holds(key, part) || holds(value, part);
      case TypeExpression.Simple _,
          TypeExpression.Reference _,
          TypeExpression.RecordOf _,
          TypeExpression.Enumeration _ ->
          whole.equals(part);
    };
  }
}
