package io.keelson.control.session;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The open sessions by their references, and in the groups that may not be too many of. */
final class LiveSessions {
  private final Map<String, LiveSession> all = new ConcurrentHashMap<>();
  private final Map<String, Set<LiveSession>> groups = new ConcurrentHashMap<>();

  Optional<LiveSession> find(String ref) {
    return Optional.ofNullable(all.get(ref));
  }

  List<LiveSession> all() {
    return List.copyOf(all.values());
  }

  void add(LiveSession session) {
    all.put(session.ref().text(), session);
    groupsOf(session)
        .forEach(g ->
            groups.compute(
                g,
                (_, members) -> {
                  Set<LiveSession> set = members == null ? ConcurrentHashMap.newKeySet() : members;
                  set.add(session);
                  return set;
                }));
  }

  void remove(LiveSession session) {
    all.remove(session.ref().text());
    groupsOf(session)
        .forEach(g ->
            groups.computeIfPresent(
                g,
                (_, members) -> {
                  members.remove(session);
                  return members.isEmpty() ? null : members;
                }));
  }

  /** Those that have to make room for another one. */
  List<LiveSession> surplus(Identity identity, String originator, SessionLimits limits) {
    Set<LiveSession> ending = new LinkedHashSet<>();
    if (!originator.isEmpty()) {
      surplus("originator " + originator, limits.perOriginator()).ifPresent(ending::add);
    }
    switch (identity) {
      case Identity.Superuser _ -> {
        if (originator.isEmpty()) {
          surplus("superuser", limits.unnamed()).ifPresent(ending::add);
        }
      }
      case Identity.DirectoryUser user ->
          surplus("user " + user.name(), limits.perUser()).ifPresent(ending::add);
    }
    return List.copyOf(ending);
  }

  private Optional<LiveSession> surplus(String group, int limit) {
    Set<LiveSession> members = groups.getOrDefault(group, Set.of());
    return members.size() < limit
        ? Optional.empty()
        : members.stream().min(Comparator.comparing(LiveSession::lastActive));
  }

  private static List<String> groupsOf(LiveSession session) {
    String named = "originator " + session.originator();
    return switch (session.rights()) {
      case Rights.Everything _ -> List.of(session.originator().isEmpty() ? "superuser" : named);
      case Rights.Only _ ->
          session.originator().isEmpty()
              ? List.of("user " + session.userName())
              : List.of("user " + session.userName(), named);
    };
  }
}
