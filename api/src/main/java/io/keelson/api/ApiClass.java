package io.keelson.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A class of the API: its name, its fields in the order the wire shows them, and what it can do.
 *
 * @param <R> its record type
 */
public final class ApiClass<R extends ApiRecord> {
  /** What objects of the class have besides their fields. */
  public enum Trait {
    /** A uuid, and get_by_uuid and get_record. */
    UUID,
    /** A name_label, and get_by_name_label. */
    NAME_LABEL,
    /** get_all, get_all_records and get_all_records_where. */
    GET_ALL,
    /** Events. */
    EVENTS
  }

  private final String name;
  private final Set<Trait> traits;
  private final AccessRole writer;
  private final R blank;
  private final List<Field<R, ?>> fields;
  private final List<Field<R, ?>> visible;
  private final Map<String, Field<R, ?>> byName = new LinkedHashMap<>();
  private final List<Field<R, ?>> constructorFields;

  /**
   * @param writer the least role that may create and destroy objects
   * @param constructorFields names of the fields that create reads; empty when there is no create
   */
  public ApiClass(
      String name,
      Set<Trait> traits,
      AccessRole writer,
      R blank,
      List<Field<R, ?>> fields,
      List<String> constructorFields) {
    this.name = name;
    this.traits = Set.copyOf(traits);
    this.writer = writer;
    this.blank = blank;
    this.fields = List.copyOf(fields);
    this.visible = this.fields.stream().filter(Field::visible).toList();
    fields.forEach(f -> byName.put(f.name(), f));
    this.constructorFields = constructorFields.stream().<Field<R, ?>>map(byName::get).toList();
  }

  /** As the wire spells it, for example {@code VM_metrics}. */
  public String name() {
    return name;
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** The least role that may create and destroy objects where these are implicit. */
  public AccessRole writer() {
    return writer;
  }

  /** All fields, the server's own included. */
  public List<Field<R, ?>> fields() {
    return fields;
  }

  /** The fields that clients see. */
  public List<Field<R, ?>> visibleFields() {
    return visible;
  }

  public Optional<Field<R, ?>> field(String fieldName) {
    return Optional.ofNullable(byName.get(fieldName));
  }

  /** The fields that the constructor reads; empty when the class has none. */
  public List<Field<R, ?>> constructorFields() {
    return constructorFields;
  }

  /** A record with every field at its initial value. */
  public R blank() {
    return blank;
  }

  /** Writes a record as a structure of the fields that clients see. */
  public void write(R record, ValueSink out) {
    out.beginStructure();
    for (Field<R, ?> field : visible) {
      out.member(field.name());
      field.write(record, out);
    }
    out.endStructure();
  }

  /**
   * The record that a constructor's structure asks for. Members that the constructor does not read
   * are passed over.
   *
   * @throws ApiError FIELD_TYPE_ERROR for a member of a wrong type or a required one that is absent
   */
  public R construct(Map<String, Value> members) {
    RecordBuilder<R> builder = RecordBuilder.of(blank);
    for (Field<R, ?> field : constructorFields) {
      Value value = members.get(field.name());
      if (value != null) {
        field.read(value, builder);
      } else if (field.required()) {
        throw ApiErrors.fieldTypeError(field.name());
      }
    }
    return builder.build();
  }

  @Override
  public String toString() {
    return name;
  }
}
