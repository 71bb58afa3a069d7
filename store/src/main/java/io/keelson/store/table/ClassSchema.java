package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the store makes of a class: which fields it keeps, computes, and looks objects up by. */
public final class ClassSchema<R extends ApiRecord> {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final int ordinal;
  private final ApiClass<R> apiClass;
  private final List<Field<R, ?>> stored;
  private final List<Field<R, ?>> unstored;
  private final List<Field<R, ?>> fleeting;
  private final List<Field<R, Instant>> moments;
  private final Optional<Field<R, String>> uuid;
  private final Optional<Field<R, String>> nameLabel;
  private final List<Link<R>> links = new ArrayList<>();
  private final List<Link<?>> incoming = new ArrayList<>();

  @SuppressWarnings("unchecked") // the type object proves what the values are
  ClassSchema(int ordinal, ApiClass<R> apiClass) {
    this.ordinal = ordinal;
    this.apiClass = apiClass;
    this.stored = apiClass.fields().stream().filter(ClassSchema::isStored).toList();
    this.unstored = apiClass.fields().stream().filter(f -> !isStored(f)).toList();
    this.fleeting = apiClass.fields().stream().filter(Field::isVolatile).toList();
    this.moments =
        stored.stream()
            .filter(f -> f.type() instanceof Type.Moment)
            .map(f -> (Field<R, Instant>) f)
            .toList();
    this.uuid = text("uuid", ApiClass.Trait.UUID);
    this.nameLabel = text("name_label", ApiClass.Trait.NAME_LABEL);
  }

  /** Whether the journal keeps a field. */
  public static boolean isStored(Field<?, ?> field) {
    return !field.isVolatile() && field.inverseOf().isEmpty();
  }

  @SuppressWarnings("unchecked") // the type object proves that the values are text
  private Optional<Field<R, String>> text(String name, ApiClass.Trait trait) {
    return apiClass
        .field(name)
        .filter(f -> apiClass.has(trait) && f.type() instanceof Type.Text && isStored(f))
        .map(f -> (Field<R, String>) f);
  }

  int ordinal() {
    return ordinal;
  }

  public ApiClass<R> apiClass() {
    return apiClass;
  }

  /** The fields that the journal keeps. */
  public List<Field<R, ?>> stored() {
    return stored;
  }

  /** The fields that are computed or change by themselves. */
  List<Field<R, ?>> unstored() {
    return unstored;
  }

  /**
   * Whether a restart loses field values that nothing brings back: allowed operations are derived
   * again from the objects' state, other volatile values are not.
   */
  boolean forgets() {
    return fleeting.stream().anyMatch(f -> !f.name().equals("allowed_operations"));
  }

  /** Whether two records have the same values in some fields. */
  boolean same(List<Field<R, ?>> fields, R one, R other) {
    for (Field<R, ?> field : fields) {
      if (!field.of(one).equals(field.of(other))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The record as the journal would give it back: dates in whole seconds.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for a date that the API cannot write
   */
  R normal(R record) {
    R result = record;
    for (Field<R, Instant> field : moments) {
      Instant moment = field.of(result);
      if (moment.isBefore(FIRST) || moment.isAfter(LAST)) {
        throw ApiErrors.invalidValue(field.name(), moment.toString());
      }
      if (moment.getNano() != 0) {
        result = field.with(result, Instant.ofEpochSecond(moment.getEpochSecond()));
      }
    }
    return result;
  }

  String uuidOf(R record) {
    return uuid.map(f -> f.of(record)).orElse("");
  }

  boolean hasNames() {
    return nameLabel.isPresent();
  }

  String nameOf(R record) {
    return nameLabel.map(f -> f.of(record)).orElse("");
  }

  /** The fields that refer to other objects. */
  List<Link<R>> links() {
    return links;
  }

  /** The fields of all classes that refer to objects of this one. */
  List<Link<?>> incoming() {
    return incoming;
  }

  void addLink(Link<R> link) {
    links.add(link);
  }

  void addIncoming(Link<?> link) {
    incoming.add(link);
  }

  @Override
  public String toString() {
    return apiClass.name();
  }
}
