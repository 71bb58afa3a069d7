package io.keelson.wire;

import io.keelson.api.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON-RPC requests, versions 1.0 and 2.0, single or in a batch. A call must have an id:
 * every call of the API has an answer. Safe for use by many threads.
 */
public final class JsonReader {
  private final WireLimits limits;
  private final StreamReadConstraints constraints;

  public JsonReader(WireLimits limits) {
    this.limits = limits;
    this.constraints =
        StreamReadConstraints.builder()
            // One more than ours, so that ours speaks first.
            .maxNestingDepth(limits.depth() + 4)
            .maxStringLength(limits.textLength())
            .maxNameLength(Math.min(limits.textLength(), 50_000))
            .maxNumberLength(WireLimits.NUMBER_LENGTH)
            .build();
  }

  /** One for each document: a factory keeps names that it has seen, whoever made them up. */
  private JsonFactory factory() {
    return JsonFactory.builder().streamReadConstraints(constraints).build();
  }

  /**
   * @throws WireException when the body as a whole cannot be read
   */
  public JsonRequests read(byte[] body) {
    Value document;
    try {
      document = parse(factory().createParser(ObjectReadContext.empty(), body));
    } catch (WireException problem) {
      if (problem.kind() != WireException.Kind.MALFORMED) {
        throw problem;
      }
      // Perhaps it is only text that is not clean, which is kept for the gate to say where it is.
      document = parse(factory().createParser(ObjectReadContext.empty(), LenientUtf8.decode(body)));
    }
    if (!(document instanceof Value.Sequence(var items))) {
      return new JsonRequests.Single(JsonCalls.call(document));
    }
    if (items.isEmpty() || items.size() > limits.batch()) {
      throw new WireException(
          items.isEmpty() ? WireException.Kind.NOT_A_CALL : WireException.Kind.LIMIT,
          items.isEmpty() ? "the batch is empty" : "the batch has too many calls");
    }
    return new JsonRequests.Batch(items.stream().map(JsonCalls::call).toList());
  }

  private Value parse(JsonParser parser) {
    try (parser) {
      var count = new ValueCount(limits);
      Value value = value(parser, parser.nextToken(), count, 0);
      if (parser.nextToken() != null) {
        throw malformed("something follows the request");
      }
      return value;
    } catch (StreamConstraintsException _) {
      throw new WireException(
          WireException.Kind.LIMIT, "a number, name or text is too long, or nested too deeply");
    } catch (JacksonException _) {
      throw malformed("not well-formed JSON");
    }
  }

  private static Value value(JsonParser in, JsonToken token, ValueCount count, int depth) {
    if (token == null) {
      throw malformed("the request ends too early");
    }
    count.add(depth);
    return switch (token) {
      case VALUE_STRING -> new Value.Text(in.getString());
      case VALUE_NUMBER_INT -> whole(in);
      case VALUE_NUMBER_FLOAT -> new Value.Real(in.getDoubleValue());
      case VALUE_TRUE -> new Value.Flag(true);
      case VALUE_FALSE -> new Value.Flag(false);
      case VALUE_NULL -> new Value.Nothing();
      case START_ARRAY -> sequence(in, count, depth);
      case START_OBJECT -> structure(in, count, depth);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw malformed("not well-formed JSON");
    };
  }

  /** A number beyond 64 bits stays text, which whoever wants a number answers INVALID_VALUE. */
  private static Value whole(JsonParser in) {
    return switch (in.getNumberType()) {
      case INT, LONG -> new Value.Whole(in.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> new Value.Text(in.getString());
    };
  }

  private static Value sequence(JsonParser in, ValueCount count, int depth) {
    List<Value> items = new ArrayList<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      items.add(value(in, token, count, depth + 1));
    }
    return new Value.Sequence(List.copyOf(items));
  }

  private static Value structure(JsonParser in, ValueCount count, int depth) {
    Map<String, Value> members = new LinkedHashMap<>();
    for (JsonToken token = in.nextToken(); token != JsonToken.END_OBJECT; token = in.nextToken()) {
      if (token != JsonToken.PROPERTY_NAME) {
        throw malformed("the request ends too early");
      }
      String name = in.currentName();
      if (members.put(name, value(in, in.nextToken(), count, depth + 1)) != null) {
        throw new WireException(WireException.Kind.NOT_A_CALL, "a member is there twice");
      }
    }
    return new Value.Structure(members);
  }

  private static WireException malformed(String why) {
    return new WireException(WireException.Kind.MALFORMED, why);
  }
}
