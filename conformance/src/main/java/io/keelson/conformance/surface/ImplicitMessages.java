package io.keelson.conformance.surface;

import io.keelson.conformance.surface.Message.Parameter;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The messages that follow from what a class is and which fields it has. */
final class ImplicitMessages {
  private static final TypeExpression TEXT = new TypeExpression.Simple("string");
  private static final TypeExpression VOID = new TypeExpression.Simple("void");

  private final ClassFacts facts;
  private final TypeExpression ref;
  private final Parameter self;
  private final List<Message> all = new ArrayList<>();

  private ImplicitMessages(ClassFacts facts) {
    this.facts = facts;
    this.ref = new TypeExpression.Reference(facts.name());
    this.self = Parameter.of("self", ref);
  }

  static List<Message> of(ClassFacts facts) {
    if (!hasObjects(facts)) {
      return List.of();
    }
    ImplicitMessages messages = new ImplicitMessages(facts);
    messages.finders();
    facts.fields().stream().filter(f -> !f.internal()).forEach(messages::field);
    return messages.all;
  }

  /** LVHD has a uuid by the reference, and no objects all the same. */
  static boolean hasObjects(ClassFacts facts) {
    return facts.traits().uuid() && !facts.name().equals("LVHD");
  }

  private void finders() {
    TypeExpression record = new TypeExpression.RecordOf(facts.name());
    TypeExpression records = new TypeExpression.MapOf(ref, record);
    TypeExpression refs = new TypeExpression.SetOf(ref);
    read("get_record", record, self);
    read("get_by_uuid", ref, Parameter.of("uuid", TEXT));
    if (facts.traits().nameLabel()) {
      read("get_by_name_label", refs, Parameter.of("label", TEXT));
    }
    if (facts.traits().getAll()) {
      read("get_all", refs);
      read("get_all_records", records);
      read("get_all_records_where", records, Parameter.of("expr", TEXT));
    }
  }

  private void field(FieldFacts field) {
    TypeExpression type = Surface.type(field);
    read("get_" + field.name(), type, self);
    if (!field.access().equals("read/write")) {
      return;
    }
    write(field, "set_", self, Parameter.of("value", type));
    if (type instanceof TypeExpression.MapOf(TypeExpression key, TypeExpression value)) {
      write(field, "add_to_", self, Parameter.of("key", key), Parameter.of("value", value));
      write(field, "remove_from_", self, Parameter.of("key", key));
    } else if (type instanceof TypeExpression.SetOf(TypeExpression member)
        && member instanceof TypeExpression.Simple) {
      write(field, "add_", self, Parameter.of("value", member));
      write(field, "remove_", self, Parameter.of("value", member));
    }
  }

  /** Everybody reads everything but secrets: to read one is to be able to use it. */
  private void read(String name, TypeExpression result, Parameter... parameters) {
    Optional<Role> least =
        facts.name().equals("secret") ? Role.of(facts.writer()) : Optional.of(Role.READ_ONLY);
    add(name, result, least, parameters);
  }

  private void write(FieldFacts field, String prefix, Parameter... parameters) {
    Optional<Role> least = Role.of(field.writer().orElse(facts.writer()));
    add(prefix + field.name(), VOID, least, parameters);
  }

  private void add(
      String name, TypeExpression result, Optional<Role> least, Parameter... parameters) {
    all.add(
        new Message(
            facts.name(),
            name,
            true,
            List.of(parameters),
            result,
            least,
            List.of(),
            true,
            false,
            false,
            false));
  }
}
