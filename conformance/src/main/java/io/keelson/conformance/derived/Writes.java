package io.keelson.conformance.derived;

import static io.keelson.conformance.rpc.Values.text;

import io.keelson.conformance.cases.Marks;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Fields that clients may write: what is written is read again, and then all is as it was. */
final class Writes {
  private final Surface surface;
  private final Tally tally;
  private final Session root;

  Writes(Surface surface, Tally tally, Session root) {
    this.surface = surface;
    this.tally = tally;
    this.root = root;
  }

  /**
   * @param own whether the object was made for it, and may have another name for a moment
   */
  void run(ClassFacts facts, JsonNode object, boolean own) {
    for (FieldFacts field : surface.fields(facts.name())) {
      if (field.access().equals("read/write")) {
        Field one = new Field(facts.name(), field, object);
        one.setter(own);
        one.members();
      }
    }
  }

  /** A field of an object. */
  private final class Field {
    private final String apiClass;
    private final FieldFacts facts;
    private final JsonNode object;

    Field(String apiClass, FieldFacts facts, JsonNode object) {
      this.apiClass = apiClass;
      this.facts = facts;
      this.object = object;
    }

    private JsonNode read() {
      return root.value(apiClass + ".get_" + facts.name(), object).orElse(text(""));
    }

    private Optional<String> call(String prefix, JsonNode... values) {
      List<JsonNode> all = new ArrayList<>(List.of(object));
      all.addAll(List.of(values));
      Answer answer = root.answer(apiClass + "." + prefix + facts.name(), all);
      return answer instanceof Answer.Success ? Optional.empty() : Optional.of(answer.told());
    }

    private void see(String prefix, Optional<String> objection) {
      Subject subject = Subject.of(Kind.IMPLICIT, apiClass + "." + prefix + facts.name());
      if (tally.expects(subject)) {
        tally.seen(subject, objection);
      }
    }

    /** Names are changed; of other fields, any other value may be none that is allowed. */
    void setter(boolean own) {
      JsonNode before = read();
      boolean free = own && facts.name().matches("name_label|name_description");
      JsonNode value = free ? text(Marks.ANY + " renamed") : before;
      Optional<String> objection = call("set_", value);
      if (objection.isEmpty() && !read().equals(value)) {
        objection = Optional.of(value + " was set, and is now " + read());
      }
      see("set_", objection);
      if (free) {
        call("set_", before);
      }
    }

    void members() {
      switch (Surface.type(facts)) {
        case TypeExpression.MapOf(TypeExpression.Enumeration(String name), TypeExpression _) ->
            mapped(text(surface.values(name).getLast()), text("value"));
        case TypeExpression.MapOf(TypeExpression key, TypeExpression value)
            when isText(key) && isText(value) ->
            mapped(text(Marks.ANY), text("value"));
        case TypeExpression.SetOf(TypeExpression member) when isText(member) -> listed();
        case TypeExpression _ -> {}
      }
    }

    private static boolean isText(TypeExpression type) {
      return type.equals(new TypeExpression.Simple("string"));
    }

    private void mapped(JsonNode key, JsonNode value) {
      call("remove_from_", key);
      Optional<String> added = call("add_to_", key, value);
      if (added.isEmpty() && !read().path(key.asString()).equals(value)) {
        added = Optional.of("added " + key + ", and there is " + read());
      }
      if (added.isEmpty()) {
        Optional<String> twice = call("add_to_", key, value);
        added =
            twice.filter(t -> t.contains("MAP_DUPLICATE_KEY")).isPresent()
                ? Optional.empty()
                : Optional.of("MAP_DUPLICATE_KEY expected of the same key again, not " + twice);
      }
      see("add_to_", added);
      Optional<String> removed = call("remove_from_", key).or(() -> call("remove_from_", key));
      see(
          "remove_from_",
          removed.isEmpty() && read().has(key.asString())
              ? Optional.of("removed " + key + ", and there is " + read())
              : removed);
    }

    private void listed() {
      JsonNode member = text(Marks.ANY);
      Optional<String> added = call("add_", member).or(() -> call("add_", member));
      see("add_", added.isEmpty() ? countedAs(1, member) : added);
      Optional<String> removed = call("remove_", member).or(() -> call("remove_", member));
      see("remove_", removed.isEmpty() ? countedAs(0, member) : removed);
    }

    private Optional<String> countedAs(long number, JsonNode member) {
      long found = read().valueStream().filter(member::equals).count();
      return found == number
          ? Optional.empty()
          : Optional.of(member + " is there " + found + " times");
    }
  }
}
