package io.keelson.testkit.durability;

import io.keelson.testkit.wire.Values;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What a writer knows of one of its VMs. */
record State(String name, String description, Set<String> tags) {
  State {
    tags = Set.copyOf(tags);
  }

  /** What the server has of it. */
  static State of(JsonNode record) {
    return new State(
        record.get("name_label").asString(),
        record.get("name_description").asString(),
        Set.copyOf(Values.strings(record.get("tags"))));
  }

  State described(String text) {
    return new State(name, text, tags);
  }

  State tagged(String tag) {
    Set<String> more = new TreeSet<>(tags);
    more.add(tag);
    return new State(name, description, more);
  }
}
