package io.keelson.conformance.surface;

import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All that a server must have: the model's messages, those that follow from fields, and fields. */
public final class Surface {
  private final Model model;
  private final Set<String> measured;
  private final Map<String, Message> messages = new LinkedHashMap<>();
  private final Map<String, List<String>> enums;

  public Surface(Model model) {
    this(model, Set.of());
  }

  /**
   * @param measured the classes that are measured; empty for all
   * @throws IllegalArgumentException when there is no such class
   */
  public Surface(Model model, Set<String> measured) {
    this.model = model;
    this.measured = measured;
    for (String name : measured) {
      if (model.find(name).isEmpty()) {
        throw new IllegalArgumentException("no class " + name);
      }
    }
    Map<String, String> wire =
        model.errors().stream().collect(Collectors.toMap(e -> e.code(), e -> e.wireText()));
    for (ClassFacts facts : model.classes()) {
      ExplicitMessages.of(facts, wire).forEach(this::add);
    }
    for (ClassFacts facts : model.classes()) {
      ImplicitMessages.of(facts).forEach(this::add);
    }
    this.enums =
        model.classes().stream()
            .flatMap(c -> c.enums().stream())
            .collect(Collectors.toMap(e -> e.name(), e -> e.values()));
  }

  /** A message that the model spells out wins over one that would follow from a field. */
  private void add(Message message) {
    messages.putIfAbsent(message.wireName(), message);
  }

  /** The messages that are measured. */
  public Collection<Message> messages() {
    return messages.values().stream().filter(m -> isMeasured(m.apiClass())).toList();
  }

  /** Whether all classes are measured. */
  public boolean isWhole() {
    return measured.isEmpty();
  }

  /** Whether a class is one of those that are measured. */
  public boolean isMeasured(String apiClass) {
    return measured.isEmpty() || measured.contains(apiClass);
  }

  /** Any message of the API. */
  public Optional<Message> message(String wireName) {
    return Optional.ofNullable(messages.get(wireName));
  }

  /** The implicit messages of a class. */
  public List<Message> implicit(String apiClass) {
    return messages.values().stream()
        .filter(m -> m.implicit() && m.apiClass().equals(apiClass))
        .toList();
  }

  /** The classes that have objects; of the others there are only messages, or values in answers. */
  public List<ClassFacts> objectClasses() {
    return classes().stream().filter(ImplicitMessages::hasObjects).toList();
  }

  public List<ClassFacts> classes() {
    return model.classes().stream().filter(c -> isMeasured(c.name())).toList();
  }

  /**
   * Fields of records that no message answers with: class LVHD has no objects, and events tell the
   * uuid of what they are about within its snapshot.
   */
  private static final Set<String> IN_NO_RECORD = Set.of("LVHD.uuid", "event.obj_uuid");

  /** The fields of a class that clients see. */
  public List<FieldFacts> fields(String apiClass) {
    List<FieldFacts> fields = new ArrayList<>();
    model.find(apiClass).ifPresent(c -> fields.addAll(c.fields()));
    fields.removeIf(FieldFacts::internal);
    fields.removeIf(f -> IN_NO_RECORD.contains(apiClass + "." + f.name()));
    return fields;
  }

  /** Fields that no record carries, as {@code Class.field}. */
  public List<String> fieldsInNoRecord() {
    return IN_NO_RECORD.stream()
        .filter(name -> isMeasured(name.substring(0, name.indexOf('.'))))
        .sorted()
        .toList();
  }

  /** The values of an enum. */
  public List<String> values(String enumeration) {
    return enums.getOrDefault(enumeration, List.of());
  }

  /** The fields that an implicit create reads; none for a class without one. */
  public List<FieldFacts> constructorFields(String apiClass) {
    List<String> named =
        model
            .find(apiClass)
            .flatMap(ClassFacts::constructor)
            .map(ClassFacts.Constructor::fields)
            .orElse(List.of());
    return fields(apiClass).stream().filter(f -> named.contains(f.name())).toList();
  }

  /** The type of a field. */
  public static TypeExpression type(FieldFacts field) {
    return TypeExpression.parse(field.type());
  }
}
