package io.keelson.control.exchange;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Replaces the references in records. */
final class References {
  private References() {}

  /**
   * The record with other references. A member of a set, a key or a value of a map that becomes the
   * null reference is left out.
   *
   * @param to what each becomes, by its text
   */
  static <R extends ApiRecord> R replace(ApiClass<R> apiClass, R record, UnaryOperator<String> to) {
    RecordBuilder<R> builder = RecordBuilder.of(record);
    apiClass.visibleFields().forEach(field -> replace(field, record, builder, to));
    return builder.build();
  }

  private static <R extends ApiRecord, T> void replace(
      Field<R, T> field, R record, RecordBuilder<R> into, UnaryOperator<String> to) {
    field.set().accept(into, replace(field.type(), field.of(record), to));
  }

  @SuppressWarnings("unchecked") // a value is replaced by one of the type that says so
  private static <T> T replace(Type<T> type, T value, UnaryOperator<String> to) {
    return switch (type) {
      case Type.Reference<?> _ -> (T) Ref.of(to.apply(((Ref<?>) value).text()));
      case Type.SetOf<?> s -> (T) inSet(s, (Set<?>) value, to);
      case Type.MapOf<?, ?> m -> (T) inMap(m, (Map<?, ?>) value, to);
      case Type.Single<?> _, Type.ListOf<?> _ -> value;
    };
  }

  @SuppressWarnings("unchecked") // the members are of the set's own member type
  private static <M> Set<M> inSet(Type.SetOf<M> type, Set<?> set, UnaryOperator<String> to) {
    Set<M> replaced = new LinkedHashSet<>();
    set.forEach(item -> {
      M other = replace(type.member(), (M) item, to);
      if (!isNull(other)) {
        replaced.add(other);
      }
    });
    return Set.copyOf(replaced);
  }

  @SuppressWarnings("unchecked") // keys and values are of the map's own types
  private static <K, V> Map<K, V> inMap(
      Type.MapOf<K, V> type, Map<?, ?> map, UnaryOperator<String> to) {
    Map<K, V> replaced = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      K otherKey = replace(type.keys(), (K) key, to);
      V otherValue = replace(type.values(), (V) value, to);
      if (!isNull(otherKey) && !isNull(otherValue)) {
        replaced.put(otherKey, otherValue);
      }
    });
    return Map.copyOf(replaced);
  }

  private static <T> boolean isNull(T value) {
    return value instanceof Ref<?> ref && ref.isNull();
  }
}
