package io.keelson.testkit.events;

import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;

import io.keelson.testkit.wire.Api;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The objects of some classes as a client has them that only listens to events. */
public final class Replica {
  private final JsonNode classes;
  private final Map<String, JsonNode> records = new TreeMap<>();
  private String token = "";

  public Replica(String... classes) {
    this.classes = texts(classes);
  }

  /** Takes in what has changed since the last time, waiting for something for so many seconds. */
  public boolean follow(Api api, double seconds) {
    JsonNode batch = api.call("event.from", classes, text(token), real(seconds));
    for (JsonNode event : batch.get("events")) {
      take(event);
    }
    token = batch.get("token").asString();
    return !batch.get("events").isEmpty();
  }

  /** Takes in all that has changed. */
  public void catchUp(Api api) {
    for (int batch = 0; batch < 1000; batch++) {
      if (!follow(api, 0.01)) {
        return;
      }
    }
    throw new IllegalStateException("there is no end of events after " + token);
  }

  /** What it has, by reference. */
  public Map<String, JsonNode> records() {
    return records;
  }

  private void take(JsonNode event) {
    String ref = event.get("ref").asString();
    switch (event.get("operation").asString()) {
      case "add", "mod" -> records.put(ref, event.get("snapshot"));
      case "del" -> records.remove(ref);
      default -> throw new IllegalStateException("no such operation: " + event);
    }
  }

  /** What the server has of a class, by reference. */
  public static Map<String, JsonNode> served(Api api, String... classes) {
    Map<String, JsonNode> all = new TreeMap<>();
    for (String name : classes) {
      api.call(name + ".get_all_records")
          .properties()
          .forEach(e -> all.put(e.getKey(), e.getValue()));
    }
    return all;
  }
}
