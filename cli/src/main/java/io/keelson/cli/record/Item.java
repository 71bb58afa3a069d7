package io.keelson.cli.record;

import io.keelson.api.ApiClass;
import io.keelson.api.Value;
import java.util.Map;

/**
 * An object, as a command shows it.
 *
 * @param members its record
 */
public record Item(Objects objects, ApiClass<?> apiClass, String ref, Map<String, Value> members) {
  public Item {
    members = Map.copyOf(members);
  }

  /** The value of a field of the API. */
  public Value field(String name) {
    Value value = members.get(name);
    if (value == null) {
      throw new IllegalStateException(apiClass + " has no " + name);
    }
    return value;
  }

  /** Asks the API something about the object. */
  public Value ask(String message) {
    return objects.api().call(apiClass + "." + message, ref);
  }
}
