package io.keelson.store.table;

import io.keelson.api.Ref;
import io.keelson.api.Type;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the references in values of a type that holds some: a reference, a set of them, or a map
 * with references as keys or values.
 *
 * @param apiClass name of the class that they refer to
 * @param visit hands each of a value's references on, the null reference included
 */
record RefsIn<T>(String apiClass, Visit<T> visit) {

  /** Hands a value's references to somebody. */
  @FunctionalInterface
  interface Visit<T> {
    void each(T value, Consumer<Ref<?>> to);
  }

  /** How to find the references in a type's values; empty when it can hold none. */
  @SuppressWarnings("unchecked") // the visit is made from the very type whose values it will get
  static <T> Optional<RefsIn<T>> of(Type<T> type) {
    Optional<? extends RefsIn<?>> found =
        switch (type) {
          case Type.Reference<?> r ->
              Optional.of(new RefsIn<Ref<?>>(r.apiClass(), (ref, to) -> to.accept(ref)));
          case Type.SetOf<?> s -> of(s.member()).map(RefsIn::inSet);
          case Type.MapOf<?, ?> m ->
              of(m.keys())
                  .<RefsIn<?>>map(RefsIn::inKeys)
                  .or(() -> of(m.values()).map(RefsIn::inValues));
          case Type.Single<?> _, Type.ListOf<?> _ -> Optional.empty();
        };
    return found.map(r -> (RefsIn<T>) r);
  }

  private static <M> RefsIn<Set<M>> inSet(RefsIn<M> member) {
    return new RefsIn<>(
        member.apiClass, (set, to) -> set.forEach(item -> member.visit.each(item, to)));
  }

  private static <K> RefsIn<Map<K, ?>> inKeys(RefsIn<K> key) {
    return new RefsIn<>(
        key.apiClass, (map, to) -> map.keySet().forEach(item -> key.visit.each(item, to)));
  }

  private static <V> RefsIn<Map<?, V>> inValues(RefsIn<V> value) {
    return new RefsIn<>(
        value.apiClass, (map, to) -> map.values().forEach(item -> value.visit.each(item, to)));
  }
}
