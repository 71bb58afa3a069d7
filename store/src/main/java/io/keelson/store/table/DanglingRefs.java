package io.keelson.store.table;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The references of an unfinished change that name no object; none may be left at its end. */
final class DanglingRefs {

  /** Which object is missing. */
  private record Missing(int apiClass, Ref<?> ref) {}

  /** Who refers to it. */
  record Holder(Link<?> link, Ref<?> source) {}

  private final Map<Missing, Set<Holder>> holders = new LinkedHashMap<>();

  void add(Link<?> link, Ref<?> source, Ref<?> target) {
    holders
        .computeIfAbsent(new Missing(link.target(), target), _ -> new LinkedHashSet<>())
        .add(new Holder(link, source));
  }

  void remove(Link<?> link, Ref<?> source, Ref<?> target) {
    holders.computeIfPresent(
        new Missing(link.target(), target),
        (_, set) -> set.remove(new Holder(link, source)) && set.isEmpty() ? null : set);
  }

  /** Takes out those who refer to an object, which now exists. */
  Set<Holder> resolve(int apiClass, Ref<?> ref) {
    Set<Holder> found = holders.remove(new Missing(apiClass, ref));
    return found == null ? Set.of() : found;
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID naming the first object that is missing
   */
  void requireNone(Schema schema) {
    for (Missing missing : holders.keySet()) {
      throw ApiErrors.handleInvalid(
          schema.classes().get(missing.apiClass).apiClass().name(), missing.ref.text());
    }
  }
}
