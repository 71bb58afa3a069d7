package io.keelson.conformance.derived;

import static io.keelson.conformance.rpc.Values.text;

import io.keelson.conformance.cases.Cases;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Each class: how its objects are found, what their records hold, and what getters say. */
public final class ObjectChecks {
  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Shape shape;
  private final Cases cases;

  public ObjectChecks(Surface surface, Tally tally, Session root, Cases cases) {
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.shape = new Shape(surface, root.format());
    this.cases = cases;
  }

  /** Measures them all; objects are made for it where cases know how. */
  public void run() {
    for (ClassFacts facts : surface.objectClasses()) {
      Subject finder = Subject.of(Kind.IMPLICIT, facts.name() + ".get_record");
      tally.attempt(finder, () -> run(facts));
    }
  }

  private void run(ClassFacts facts) {
    String fixture = "object_" + facts.name();
    if (cases.has(fixture) && cases.with(fixture, object -> one(facts, object, true)).isPresent()) {
      return;
    }
    Optional<JsonNode> first =
        root.value(facts.name() + ".get_all").filter(all -> !all.isEmpty()).map(all -> all.path(0));
    if (first.isPresent()) {
      one(facts, first.orElseThrow(), false);
    } else {
      none(facts);
    }
  }

  private void none(ClassFacts facts) {
    String why = "there is no object of class " + facts.name();
    surface
        .implicit(facts.name())
        .forEach(m -> tally.unmeasured(Subject.of(Kind.IMPLICIT, m.wireName()), why));
    surface.fields(facts.name()).forEach(f -> tally.unmeasured(field(facts, f), why));
    // What finds objects can be asked all the same.
    if (facts.traits().getAll()) {
      found(facts, "get_all", root.answer(facts.name() + ".get_all"), JsonNode::isArray);
      found(
          facts,
          "get_all_records",
          root.answer(facts.name() + ".get_all_records"),
          JsonNode::isObject);
      found(
          facts,
          "get_all_records_where",
          root.answer(facts.name() + ".get_all_records_where", text("true")),
          JsonNode::isObject);
    }
    if (facts.traits().nameLabel()) {
      found(
          facts,
          "get_by_name_label",
          root.answer(facts.name() + ".get_by_name_label", text("")),
          JsonNode::isArray);
    }
  }

  private boolean one(ClassFacts facts, JsonNode object, boolean own) {
    String name = facts.name();
    Answer answer = root.answer(name + ".get_record", object);
    found(facts, "get_record", answer, JsonNode::isObject);
    if (!(answer instanceof Answer.Success(JsonNode record))) {
      return true;
    }
    for (FieldFacts field : surface.fields(name)) {
      field(facts, field, object, record);
    }
    found(
        facts,
        "get_by_uuid",
        root.answer(name + ".get_by_uuid", record.path("uuid")),
        object::equals);
    if (facts.traits().nameLabel()) {
      found(
          facts,
          "get_by_name_label",
          root.answer(name + ".get_by_name_label", record.path("name_label")),
          all -> all.valueStream().anyMatch(object::equals));
    }
    if (facts.traits().getAll()) {
      all(facts, object, record);
    }
    new Writes(surface, tally, root).run(facts, object, own);
    return true;
  }

  private void all(ClassFacts facts, JsonNode object, JsonNode record) {
    String name = facts.name();
    found(
        facts,
        "get_all",
        root.answer(name + ".get_all"),
        all -> all.valueStream().anyMatch(object::equals));
    found(
        facts,
        "get_all_records",
        root.answer(name + ".get_all_records"),
        all -> all.has(object.asString()));
    String filter = "field \"uuid\" = \"" + record.path("uuid").asString("") + "\"";
    found(
        facts,
        "get_all_records_where",
        root.answer(name + ".get_all_records_where", text(filter)),
        all -> all.size() == 1 && all.has(object.asString()));
  }

  private void found(ClassFacts facts, String message, Answer answer, Predicate<JsonNode> right) {
    Subject subject = Subject.of(Kind.IMPLICIT, facts.name() + "." + message);
    if (!tally.expects(subject)) {
      return; // a message of its own, which cases measure
    }
    boolean good = answer instanceof Answer.Success(JsonNode value) && right.test(value);
    tally.seen(
        subject, good ? Optional.empty() : Optional.of("not what was asked for: " + answer.told()));
  }

  private static Subject field(ClassFacts facts, FieldFacts field) {
    return Subject.of(Kind.FIELD, facts.name() + "." + field.name());
  }

  /** A field is in the record, of its type, and its getter says the same. */
  private void field(ClassFacts facts, FieldFacts field, JsonNode object, JsonNode record) {
    Optional<String> objection =
        record.has(field.name())
            ? shape.objection(Surface.type(field), record.path(field.name()))
            : Optional.of("the record lacks it");
    String getter = facts.name() + ".get_" + field.name();
    Subject subject = Subject.of(Kind.IMPLICIT, getter);
    Optional<String> unlike = Optional.empty();
    if (tally.expects(subject)) {
      unlike = unlike(facts, field, object, record);
      tally.seen(subject, unlike);
    }
    Optional<String> getterSays = unlike;
    tally.seen(field(facts, field), objection.or(() -> getterSays));
  }

  /** What changes by itself may have changed between; then the record is read anew. */
  private Optional<String> unlike(
      ClassFacts facts, FieldFacts field, JsonNode object, JsonNode record) {
    JsonNode before = record.path(field.name());
    for (int attempt = 0; attempt < 5; attempt++) {
      Answer answer = root.answer(facts.name() + ".get_" + field.name(), object);
      if (!(answer instanceof Answer.Success(JsonNode value))) {
        return Optional.of(answer.told());
      }
      if (before.isMissingNode()) {
        return shape.objection(Surface.type(field), value);
      }
      if (value.equals(before)) {
        return Optional.empty();
      }
      Map.Entry<String, JsonNode> unlike = Map.entry(value.toString(), before);
      before = root.value(facts.name() + ".get_record", object).orElse(record).path(field.name());
      if (attempt == 4) {
        return Optional.of("says " + unlike.getKey() + " and the record " + unlike.getValue());
      }
    }
    return Optional.empty();
  }
}
