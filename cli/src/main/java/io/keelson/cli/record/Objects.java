package io.keelson.cli.record;

import io.keelson.api.ApiError;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a command asked of objects that others refer to, asked once. */
public final class Objects {
  /** What is shown for a reference to nothing. */
  static final String NOWHERE = "<not in database>";

  private final Api api;
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Optional<Map<String, Value>>> records = new HashMap<>();

  public Objects(Api api) {
    this.api = api;
  }

  public Api api() {
    return api;
  }

  /** The uuid of an object. */
  public String uuid(String apiClass, String ref) {
    return text(apiClass + ".get_uuid", ref);
  }

  /** The name of an object. */
  public String name(String apiClass, String ref) {
    return text(apiClass + ".get_name_label", ref);
  }

  /** The record of an object; empty when there is none. */
  Optional<Map<String, Value>> record(String apiClass, String ref) {
    return records.computeIfAbsent(
        ref,
        key -> {
          if (isNull(key)) {
            return Optional.empty();
          }
          try {
            return Optional.of(Values.members(api.call(apiClass + ".get_record", key)));
          } catch (ApiError _) {
            return Optional.empty();
          }
        });
  }

  private String text(String message, String ref) {
    return texts.computeIfAbsent(
        message + " " + ref,
        _ -> {
          if (isNull(ref)) {
            return NOWHERE;
          }
          try {
            return Values.text(api.call(message, ref));
          } catch (ApiError _) {
            return NOWHERE;
          }
        });
  }

  private static boolean isNull(String ref) {
    return ref.isEmpty() || ref.equals(Ref.none().text());
  }
}
