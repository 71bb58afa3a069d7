package io.keelson.model;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The YAML says what the reference says, fact by fact, and nothing else. */
class ModelAgainstReferenceTest {
  private static final Model MODEL = Model.load();
  private static final JsonNode REFERENCE = reference();

  private static JsonNode reference() {
    try (InputStream in = ModelAgainstReferenceTest.class.getResourceAsStream("xenapi.json")) {
      return JsonMapper.builder().build().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void every_fact_of_the_reference_is_in_the_model_and_none_besides() {
    assertThat(factsOfModel()).isEqualTo(factsOfReference());
  }

  @Test
  void the_counts_are_the_references() {
    JsonNode counts = REFERENCE.get("counts");
    assertThat(MODEL.classes()).hasSize(counts.get("classes").asInt());
    assertThat(MODEL.classes().stream().flatMap(c -> c.fields().stream()))
        .filteredOn(f -> !f.internal())
        .hasSize(counts.get("fields").asInt());
    assertThat(MODEL.classes().stream().flatMap(c -> c.messages().stream()))
        .hasSize(counts.get("messages").asInt());
    assertThat(MODEL.classes().stream().flatMap(c -> c.enums().stream()))
        .hasSize(counts.get("enums").asInt());
    assertThat(
            MODEL.classes().stream()
                .flatMap(c -> c.enums().stream())
                .flatMap(e -> e.values().stream()))
        .hasSize(counts.get("enum_values").asInt());
  }

  @Test
  void everything_has_a_summary() {
    assertThat(
            MODEL.classes().stream()
                .flatMap(c ->
                    Stream.of(
                            Stream.of(c.summary()),
                            c.fields().stream().map(FieldFacts::summary),
                            c.messages().stream().map(MessageFacts::summary),
                            c.messages().stream()
                                .flatMap(m -> m.params().stream())
                                .map(MessageFacts.ParamFacts::summary),
                            c.enums().stream().flatMap(e -> e.meanings().values().stream()))
                        .flatMap(s -> s)))
        .allSatisfy(summary -> assertThat(summary).isNotBlank().endsWith("."));
  }

  @Test
  void what_stands_beside_the_classes_has_a_summary_too() {
    assertThat(
            Stream.of(
                    MODEL.errors().stream().map(ErrorFacts::summary),
                    MODEL.roles().stream().map(RoleFacts::summary),
                    MODEL.transfers().stream().map(TransferFacts::summary),
                    MODEL.transfers().stream()
                        .flatMap(t -> t.params().stream())
                        .map(TransferFacts.TransferParam::summary))
                .flatMap(s -> s))
        .allSatisfy(summary -> assertThat(summary).isNotBlank().endsWith("."));
  }

  @Test
  void computed_fields_have_another_side_of_the_right_class() {
    for (ClassFacts facts : MODEL.classes()) {
      for (FieldFacts field : facts.fields()) {
        field.inverseOf().ifPresent(relation -> assertOtherSide(facts, relation));
      }
    }
  }

  private static void assertOtherSide(ClassFacts facts, String relation) {
    String[] parts = relation.split("\\.");
    FieldFacts other =
        MODEL.find(parts[0]).orElseThrow().fields().stream()
            .filter(f -> f.name().equals(parts[1]))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no field " + relation));
    TypeExpression type = TypeExpression.parse(other.type());
    assertThat(type instanceof TypeExpression.SetOf(TypeExpression member) ? member : type)
        .as(relation)
        .isEqualTo(new TypeExpression.Reference(facts.name()));
  }

  @Test
  void every_error_that_a_message_names_is_listed() {
    List<String> codes = MODEL.errors().stream().map(ErrorFacts::code).toList();
    assertThat(codes).doesNotHaveDuplicates();
    assertThat(codes)
        .containsAll(
            MODEL.classes().stream()
                .flatMap(c -> c.messages().stream())
                .flatMap(m -> m.errors().stream())
                .toList());
  }

  private static Map<String, String> factsOfModel() {
    Map<String, String> facts = new TreeMap<>();
    for (ClassFacts c : MODEL.classes()) {
      facts.put(
          c.name(),
          List.of(
                  c.traits().uuid(),
                  c.traits().nameLabel(),
                  c.traits().getAll(),
                  c.traits().events())
              + c.constructor().map(k -> " " + k.fields() + " " + k.destructor()).orElse(""));
      c.enums().forEach(e -> facts.put(c.name() + " enum " + e.name(), e.values().toString()));
      c.fields().stream()
          .filter(f -> !f.internal())
          .forEach(f -> facts.put(c.name() + " field " + f.name(), field(f)));
      c.messages().forEach(m -> facts.put(c.name() + " message " + m.name(), message(m)));
    }
    return facts;
  }

  private static String field(FieldFacts f) {
    return String.join(
        " | ",
        f.type(),
        f.access(),
        f.fallback().orElse("-"),
        f.fallbackRule().orElse("-"),
        f.status().orElse("-"),
        new TreeMap<>(f.lifecycle()).toString());
  }

  private static String message(MessageFacts m) {
    return String.join(
        " | ",
        m.result(),
        m.params().stream().map(p -> p.type() + " " + p.name()).toList().toString(),
        m.role(),
        m.errors().toString(),
        m.status().orElse("-"),
        new TreeMap<>(m.lifecycle()).toString());
  }

  private static Map<String, String> factsOfReference() {
    Map<String, String> facts = new TreeMap<>();
    for (JsonNode c : REFERENCE.get("classes")) {
      String name = c.get("name").asString();
      String constructor =
          c.has("constructor")
              ? " "
                  + texts(c.get("constructor").get("fields"))
                  + " "
                  + c.get("destructor").asBoolean()
              : "";
      facts.put(
          name,
          Stream.of("has_uuid", "has_name_label", "get_all", "events")
                  .map(key -> c.get(key).asBoolean())
                  .toList()
              + constructor);
      c.get("enums")
          .forEach(e ->
              facts.put(
                  name + " enum " + e.get("name").asString(), texts(e.get("values")).toString()));
      c.get("fields")
          .forEach(f -> facts.put(name + " field " + f.get("name").asString(), referenceField(f)));
      c.get("messages")
          .forEach(
              m -> facts.put(name + " message " + m.get("name").asString(), referenceMessage(m)));
    }
    return facts;
  }

  private static String referenceField(JsonNode f) {
    return String.join(
        " | ",
        f.get("type").asString(),
        f.get("qualifier").asString(),
        text(f, "default"),
        text(f, "default_rule"),
        text(f, "status"),
        lifecycle(f));
  }

  private static String referenceMessage(JsonNode m) {
    List<String> params = new ArrayList<>();
    m.get("params")
        .forEach(p -> params.add(p.get("type").asString() + " " + p.get("name").asString()));
    return String.join(
        " | ",
        m.get("result").asString(),
        params.toString(),
        m.get("min_role").asString(),
        m.has("errors") ? texts(m.get("errors")).toString() : "[]",
        text(m, "status"),
        lifecycle(m));
  }

  private static String lifecycle(JsonNode node) {
    Map<String, String> changes = new LinkedHashMap<>();
    node.get("lifecycle")
        .forEach(l -> changes.put(l.get("change").asString(), l.get("release").asString()));
    return changes.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, TreeMap::new))
        .toString();
  }

  private static String text(JsonNode node, String key) {
    return node.has(key) ? node.get(key).asString() : "-";
  }

  private static List<String> texts(JsonNode array) {
    List<String> list = new ArrayList<>();
    array.forEach(item -> list.add(item.asString()));
    return list;
  }
}
