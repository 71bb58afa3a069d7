package io.keelson.host.qemu.qmp;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A JSON value, as QMP and the records of domains use them: no fractions of numbers needed. */
public sealed interface Json {

  /** Parses and writes; deep nesting and long texts are refused. */
  JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxStringLength(1 << 20)
                  .maxNumberLength(40)
                  .build())
          .build();

  /** Members in their order. */
  record Members(Map<String, Json> values) implements Json {
    public Optional<Json> get(String key) {
      return Optional.ofNullable(values.get(key));
    }

    /** The text at the key, empty when it is absent or no text. */
    public Optional<String> text(String key) {
      return values.get(key) instanceof Text(String text) ? Optional.of(text) : Optional.empty();
    }

    /** The whole number at the key, or the given one when it is absent or no number. */
    public long number(String key, long otherwise) {
      return values.get(key) instanceof Whole(long n) ? n : otherwise;
    }

    /** Whether the key holds true. */
    public boolean isTrue(String key) {
      return values.get(key) instanceof Flag(boolean b) && b;
    }

    /** The members at the key, empty ones when there are none. */
    public Members members(String key) {
      return values.get(key) instanceof Members m ? m : new Members(Map.of());
    }

    /** The items at the key, none when it is absent or no list. */
    public List<Json> items(String key) {
      return values.get(key) instanceof Items(List<Json> l) ? l : List.of();
    }
  }

  /** A list. */
  record Items(List<Json> values) implements Json {}

  /** A string. */
  record Text(String value) implements Json {}

  /** A whole number; QEMU's few fractions are cut. */
  record Whole(long value) implements Json {}

  /** True or false. */
  record Flag(boolean value) implements Json {}

  /** The JSON null. */
  record Nothing() implements Json {}

  /** The members of an object's text, to add to. */
  static Builder object(String text) {
    Builder object = object();
    if (of(text) instanceof Members members) {
      members.values().forEach(object::put);
    }
    return object;
  }

  /** An object of texts, sorted by their names. */
  static Members texts(Map<String, String> texts) {
    Builder object = object();
    texts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> object.put(entry.getKey(), entry.getValue()));
    return object.build();
  }

  /** Starts an object. */
  static Builder object() {
    return new Builder();
  }

  /** The value that is the whole text. */
  static Json of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** The value in a text; raises {@link JacksonException} when it is not exactly one value. */
  static Json parse(byte[] text, int offset, int length) {
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), text, offset, length)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Json value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return new Nothing();
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          values.put(name, value(parser));
        }
        yield new Members(values);
      }
      case START_ARRAY -> {
        List<Json> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        yield new Items(values);
      }
      case VALUE_STRING -> new Text(parser.getString());
      case VALUE_NUMBER_INT -> new Whole(parser.getBigIntegerValue().longValue());
      case VALUE_NUMBER_FLOAT -> new Whole((long) parser.getDoubleValue());
      case VALUE_TRUE -> new Flag(true);
      case VALUE_FALSE -> new Flag(false);
      case VALUE_NULL, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          new Nothing();
    };
  }

  /** This value as compact text. */
  default String write() {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(this, generator);
    }
    return out.toString();
  }

  private static void write(Json value, JsonGenerator to) {
    switch (value) {
      case Members(Map<String, Json> values) -> {
        to.writeStartObject();
        values.forEach((name, member) -> {
          to.writeName(name);
          write(member, to);
        });
        to.writeEndObject();
      }
      case Items(List<Json> values) -> {
        to.writeStartArray();
        values.forEach(item -> write(item, to));
        to.writeEndArray();
      }
      case Text(String text) -> to.writeString(text);
      case Whole(long number) -> to.writeNumber(number);
      case Flag(boolean flag) -> to.writeBoolean(flag);
      case Nothing() -> to.writeNull();
    }
  }

  /** Gathers the members of an object. */
  final class Builder {
    private final Map<String, Json> values = new LinkedHashMap<>();

    public Builder put(String key, String value) {
      return put(key, new Text(value));
    }

    public Builder put(String key, long value) {
      return put(key, new Whole(value));
    }

    public Builder put(String key, boolean value) {
      return put(key, new Flag(value));
    }

    public Builder put(String key, Json value) {
      values.put(key, value);
      return this;
    }

    public Members build() {
      return new Members(values);
    }
  }
}
