package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All classes of the API as the store sees them, with the relations between them. */
public final class Schema {
  /** Of the model that this program was built from. */
  public static final Schema CURRENT = new Schema(ApiModel.CLASSES);

  private final List<ClassSchema<?>> classes = new ArrayList<>();
  private final Map<ApiClass<?>, ClassSchema<?>> byClass = new HashMap<>();
  private final Map<String, ClassSchema<?>> byName = new HashMap<>();
  private final List<Link<?>> links = new ArrayList<>();

  private Schema(List<ApiClass<? extends ApiRecord>> apiClasses) {
    for (ApiClass<?> apiClass : apiClasses) {
      ClassSchema<?> schema = new ClassSchema<>(classes.size(), apiClass);
      classes.add(schema);
      byClass.put(apiClass, schema);
      byName.put(apiClass.name(), schema);
    }
    Map<Field.Relation, InverseSide<?>> inverses = new HashMap<>();
    for (ClassSchema<?> schema : classes) {
      inverses(schema, inverses);
    }
    for (ClassSchema<?> schema : classes) {
      link(schema, inverses);
    }
    if (!inverses.isEmpty()) {
      throw new IllegalStateException("computed sides without a relation: " + inverses.keySet());
    }
  }

  private static <T extends ApiRecord> void inverses(
      ClassSchema<T> schema, Map<Field.Relation, InverseSide<?>> found) {
    for (Field<T, ?> field : schema.apiClass().fields()) {
      field
          .inverseOf()
          .ifPresent(relation -> {
            if (found.put(relation, InverseSide.of(field)) != null) {
              throw new IllegalStateException("two computed sides of " + relation);
            }
          });
    }
  }

  private <S extends ApiRecord> void link(
      ClassSchema<S> source, Map<Field.Relation, InverseSide<?>> inverses) {
    for (Field<S, ?> field : source.stored()) {
      refs(field)
          .ifPresent(refs -> {
            ClassSchema<?> target = named(refs.finder().apiClass()).orElseThrow();
            var relation = new Field.Relation(source.apiClass().name(), field.name());
            Optional<InverseSide<?>> inverse = Optional.ofNullable(inverses.remove(relation));
            var link = new Link<>(links.size(), source.ordinal(), target.ordinal(), refs, inverse);
            links.add(link);
            source.addLink(link);
            target.addIncoming(link);
          });
    }
  }

  private static <S extends ApiRecord, T> Optional<Link.FieldRefs<S, T>> refs(Field<S, T> field) {
    return RefsIn.of(field.type()).map(finder -> new Link.FieldRefs<>(field, finder));
  }

  public List<ClassSchema<?>> classes() {
    return classes;
  }

  @SuppressWarnings("unchecked") // put there under its own class
  public <R extends ApiRecord> ClassSchema<R> of(ApiClass<R> apiClass) {
    ClassSchema<?> schema = byClass.get(apiClass);
    if (schema == null) {
      throw new IllegalArgumentException("not a class of the model: " + apiClass);
    }
    return (ClassSchema<R>) schema;
  }

  public Optional<ClassSchema<?>> named(String apiClass) {
    return Optional.ofNullable(byName.get(apiClass));
  }

  Link<?> link(int number) {
    return links.get(number);
  }
}
