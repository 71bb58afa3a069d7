package io.keelson.host.pool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A value that another server answered with; numbers and booleans are texts. */
public sealed interface Answered {

  /** What is no list and has no members. */
  record Text(String text) implements Answered {}

  /** Values in order. */
  record Many(List<Answered> all) implements Answered {
    public Many {
      all = List.copyOf(all);
    }
  }

  /** Values by name. */
  record Members(Map<String, Answered> all) implements Answered {
    public Members {
      all = Map.copyOf(all);
    }
  }

  /** The member's text; nothing when there is none. */
  default String text(String member) {
    return member(member) instanceof Text(String text) ? text : "";
  }

  /** The member; one without anything when there is none. */
  default Answered member(String name) {
    return this instanceof Members(Map<String, Answered> all)
        ? all.getOrDefault(name, new Text(""))
        : new Text("");
  }

  /** The values by name; nothing when there are none. */
  default Map<String, Answered> members() {
    return this instanceof Members(Map<String, Answered> all) ? all : Map.of();
  }

  /** The texts in the list; nothing when it is none. */
  default List<String> texts() {
    return this instanceof Many(List<Answered> all)
        ? all.stream().map(value -> value instanceof Text(String text) ? text : "").toList()
        : List.of();
  }

  /**
   * Reads JSON.
   *
   * @throws JacksonException when it is none
   */
  static Answered parse(String json) {
    try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      return read(in, in.nextToken());
    }
  }

  private static Answered read(JsonParser in, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Answered> members = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = in.currentName();
          members.put(name, read(in, in.nextToken()));
        }
        yield new Members(members);
      }
      case START_ARRAY -> {
        List<Answered> all = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
          all.add(read(in, next));
        }
        yield new Many(all);
      }
      case VALUE_NULL -> new Text("");
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Text(in.getString());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalArgumentException("no JSON value");
    };
  }
}
