package io.keelson.control.event;

import io.keelson.api.ApiErrors;
import io.keelson.store.ObjectId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The objects that a client wants to hear of.
 *
 * @param everything whether all of them
 * @param classes whole classes, by lower-case name
 * @param objects single objects: references by lower-case name of their class
 */
record Subscription(boolean everything, Set<String> classes, Map<String, Set<String>> objects)
    implements Predicate<ObjectId<?>> {
  static final Subscription NONE = new Subscription(false, Set.of(), Map.of());

  /**
   * Reads {@code *}, {@code class} and {@code class/reference}; a class that does not exist is one
   * of which nothing is heard.
   *
   * @throws io.keelson.api.ApiError EVENT_SUBSCRIPTION_PARSE_FAILURE
   */
  static Subscription parse(List<String> texts) {
    return NONE.plus(texts);
  }

  /** This and more. */
  Subscription plus(List<String> texts) {
    boolean all = everything;
    Set<String> whole = new HashSet<>(classes);
    Map<String, Set<String>> single = copy();
    for (String text : texts) {
      Item item = Item.parse(text);
      if (item.everything()) {
        all = true;
      } else if (item.ref.isPresent()) {
        single.computeIfAbsent(item.apiClass, _ -> new HashSet<>()).add(item.ref.get());
      } else {
        whole.add(item.apiClass);
      }
    }
    return new Subscription(all, Set.copyOf(whole), frozen(single));
  }

  /** This without some. */
  Subscription minus(List<String> texts) {
    boolean all = everything;
    Set<String> whole = new HashSet<>(classes);
    Map<String, Set<String>> single = copy();
    for (String text : texts) {
      Item item = Item.parse(text);
      if (item.everything()) {
        all = false;
      } else if (item.ref.isPresent()) {
        single.getOrDefault(item.apiClass, new HashSet<>()).remove(item.ref.get());
      } else {
        whole.remove(item.apiClass);
      }
    }
    single.values().removeIf(Set::isEmpty);
    return new Subscription(all, Set.copyOf(whole), frozen(single));
  }

  boolean isEmpty() {
    return !everything && classes.isEmpty() && objects.isEmpty();
  }

  @Override
  public boolean test(ObjectId<?> id) {
    if (everything) {
      return true;
    }
    String name = id.apiClass().name().toLowerCase(Locale.ROOT);
    return classes.contains(name) || objects.getOrDefault(name, Set.of()).contains(id.ref().text());
  }

  private Map<String, Set<String>> copy() {
    Map<String, Set<String>> copy = new HashMap<>();
    objects.forEach((name, refs) -> copy.put(name, new HashSet<>(refs)));
    return copy;
  }

  private static Map<String, Set<String>> frozen(Map<String, Set<String>> single) {
    Map<String, Set<String>> frozen = new HashMap<>();
    single.forEach((name, refs) -> frozen.put(name, Set.copyOf(refs)));
    return Map.copyOf(frozen);
  }

  private record Item(String apiClass, Optional<String> ref) {
    static Item parse(String text) {
      int slash = text.indexOf('/');
      if (slash < 0) {
        return new Item(text.toLowerCase(Locale.ROOT), Optional.empty());
      }
      if (text.indexOf('/', slash + 1) >= 0) {
        throw ApiErrors.eventSubscriptionParseFailure(text);
      }
      return new Item(
          text.substring(0, slash).toLowerCase(Locale.ROOT),
          Optional.of(text.substring(slash + 1)));
    }

    boolean everything() {
      return ref.isEmpty() && apiClass.equals("*");
    }
  }
}
