package io.keelson.conformance.fuzz;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The objects that are on the server, as requests name them: by class and number. */
final class Live {
  private static final int MOST = 64;

  private final List<String> classes;
  private final Set<String> given = new HashSet<>();
  private final Map<String, String> uuids = new HashMap<>();
  private final Map<String, List<String>> named = new ConcurrentHashMap<>();

  Live(Surface surface) {
    this.classes =
        surface.objectClasses().stream()
            .filter(c -> c.traits().getAll())
            .map(ClassFacts::name)
            .toList();
  }

  List<String> classes() {
    return classes;
  }

  /** Takes all that is there for what was there before the run. */
  synchronized void given(Session session) {
    classes.forEach(c -> given.addAll(session.texts(c + ".get_all")));
  }

  synchronized boolean isGiven(String reference) {
    return given.contains(reference);
  }

  /** Looks what is there now. */
  synchronized void refresh(Session session) {
    Map<String, String> known = new HashMap<>();
    for (String apiClass : classes) {
      List<String> all = shortened(session.texts(apiClass + ".get_all"));
      List<String> made = all.stream().filter(r -> !given.contains(r)).toList();
      List<String> ids = new ArrayList<>();
      for (String reference : all) {
        String uuid =
            uuids.computeIfAbsent(
                reference,
                r ->
                    session
                        .value(apiClass + ".get_uuid", Values.text(r))
                        .map(v -> v.asString(""))
                        .orElse(""));
        known.put(reference, uuid);
        ids.add(uuid);
      }
      named.put("some:" + apiClass, made.isEmpty() ? all : made);
      named.put("ref:" + apiClass, all);
      named.put("made:" + apiClass, made);
      named.put("uuid:" + apiClass, ids);
    }
    uuids.keySet().retainAll(known.keySet());
  }

  private static List<String> shortened(List<String> all) {
    if (all.size() <= MOST) {
      return all;
    }
    List<String> some = new ArrayList<>(all.subList(0, MOST / 2));
    some.addAll(all.subList(all.size() - MOST / 2, all.size()));
    return some;
  }

  /**
   * What {@code ref:CLASS:NUMBER} stands for, {@code uuid:}, {@code made:} for what the run has
   * made, {@code some:} for that if there is any; nothing is the null reference.
   */
  Optional<String> find(String name) {
    int colon = name.lastIndexOf(':');
    if (colon < 0 || !name.substring(colon + 1).matches("\\d{1,6}")) {
      return Optional.empty();
    }
    List<String> all = named.get(name.substring(0, colon));
    if (all == null) {
      return name.matches("(ref|made|some|uuid):\\w+:\\d+")
          ? Optional.of("OpaqueRef:NULL")
          : Optional.empty();
    }
    return Optional.of(
        all.isEmpty()
            ? "OpaqueRef:NULL"
            : all.get(Integer.parseInt(name.substring(colon + 1)) % all.size()));
  }
}
