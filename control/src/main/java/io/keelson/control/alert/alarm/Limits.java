package io.keelson.control.alert.alarm;

import io.keelson.api.ApiModel;
import io.keelson.control.metrics.Owner;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts that set an object's limits.
 *
 * @param own its own other_config:perfmon
 * @param repositories for a host: those of repositories that set one for every host, by the first
 *     eight digits of their uuids
 */
record Limits(String own, Map<String, String> repositories) {
  private static final int SHORT_UUID = 8;

  /** What repositories set for every host. */
  static Map<String, String> ofRepositories(Snapshot state) {
    Map<String, String> all = new LinkedHashMap<>();
    state
        .rows(ApiModel.SR)
        .forEach(row -> {
          String text = row.record().otherConfig().getOrDefault(Variables.KEY, "");
          if (text.contains(Variables.THROUGHPUT_PER_HOST)) {
            all.put(row.record().uuid().substring(0, SHORT_UUID), text);
          }
        });
    return all;
  }

  boolean areNone() {
    return own.isEmpty() && repositories.isEmpty();
  }

  /** What they say; the host's own goes before what a repository says of the same thing. */
  List<Variable> read(Owner.Kind kind) {
    List<Variable> all = new ArrayList<>(own.isEmpty() ? List.of() : Variables.read(own, kind));
    Set<String> names = new HashSet<>();
    all.forEach(v -> names.add(v.name()));
    repositories.forEach((uuid, text) -> {
      String name = Variables.THROUGHPUT + uuid;
      if (!names.contains(name)) {
        Variables.read(text.replace(Variables.THROUGHPUT_PER_HOST, name), kind).stream()
            .filter(v -> v.name().equals(name))
            .forEach(all::add);
      }
    });
    return all;
  }
}
