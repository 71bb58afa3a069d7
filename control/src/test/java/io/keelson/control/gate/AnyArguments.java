package io.keelson.control.gate;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Param;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.Types;
import io.keelson.api.Value;
import io.keelson.control.PlainSink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An argument of the right type for any parameter; references in it name nothing. */
public final class AnyArguments {
  private final String text;

  private AnyArguments(String text) {
    this.text = text;
  }

  /**
   * @param text what texts are, also within maps and records; empty maps where it is empty
   */
  public static Value of(Param<?> parameter, String text) {
    return new AnyArguments(text).of(parameter.type());
  }

  static <R extends ApiRecord> Value constructor(ApiClass<R> apiClass) {
    return new AnyArguments("").record(apiClass);
  }

  private Value of(Type<?> type) {
    if (type.equals(Types.STRING)) {
      return new Value.Text(text);
    }
    return switch (type) {
      case Type.RecordOf<?> record -> record(record.apiClass().get());
      case Type.Reference<?> _ -> new Value.Text("OpaqueRef:nothing");
      case Type.MapOf<?, ?> map when !text.isEmpty() && map.keys().equals(Types.STRING) ->
          new Value.Structure(Map.of("key", of(map.values())));
      case Type<?> _ -> zero(type);
    };
  }

  private <R extends ApiRecord> Value record(ApiClass<R> apiClass) {
    Map<String, Value> members = new LinkedHashMap<>();
    apiClass.constructorFields().forEach(f -> members.put(f.name(), of(f.type())));
    return new Value.Structure(members);
  }

  private static <T> Value zero(Type<T> type) {
    return value(PlainSink.of(Reply.of(type, type.zero())));
  }

  private static Value value(Object plain) {
    return switch (plain) {
      case String text -> new Value.Text(text);
      case Long number -> new Value.Whole(number);
      case Double number -> new Value.Real(number);
      case Boolean on -> new Value.Flag(on);
      case List<?> _ -> new Value.Sequence(List.of());
      default -> new Value.Structure(Map.of());
    };
  }
}
