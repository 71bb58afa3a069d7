package io.keelson.control.audit;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.MessageSpec;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.Types;
import io.keelson.api.Value;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a call was told, as the log may show it: objects with their names, numbers, choices, names
 * of keys. A text may be a password, so it is shown only where it is known to be a name.
 */
final class AuditArguments {
  /** Parameters that are names. */
  static final Set<String> NAMES =
      Set.of(
          "uname",
          "key",
          "label",
          "name",
          "new_name",
          "name_label",
          "device",
          "userdevice",
          "type",
          "service_name",
          "auth_type",
          "subject_name",
          "subject_identifier",
          "plugin",
          "fn",
          "operation",
          "uuid");

  /** Messages whose value is one. */
  static final Set<String> SETTERS_OF_NAMES = Set.of("set_name_label", "set_name_description");

  private static final int MOST_SHOWN = 20;

  private static final Map<String, ApiClass<? extends ApiRecord>> CLASSES =
      ApiModel.CLASSES.stream().collect(Collectors.toMap(ApiClass::name, Function.identity()));

  private AuditArguments() {}

  /** {@code (('NAME' 'NAME OF THE OBJECT, OR VALUE' 'UUID' 'REFERENCE') ...)}. */
  static String text(Snapshot state, MessageSpec spec, List<Value> arguments) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < Math.min(arguments.size(), spec.parameters().size()); i++) {
      if (i > 0) {
        text.append(' ');
      }
      Param<?> parameter = spec.parameters().get(i);
      boolean isName =
          NAMES.contains(parameter.name())
              || (parameter.name().equals("value") && SETTERS_OF_NAMES.contains(spec.name()));
      text.append(one(state, parameter, isName, arguments.get(i)));
    }
    return text.append(')').toString();
  }

  private static String one(Snapshot state, Param<?> parameter, boolean isName, Value value) {
    return parameter.type() instanceof Type.Reference<?> reference
            && value instanceof Value.Text(String ref)
        ? object(state, parameter.name(), reference.apiClass(), ref)
        : AuditText.list(parameter.name(), shown(parameter.type(), isName, value), "", "");
  }

  private static String object(Snapshot state, String name, String apiClass, String ref) {
    ApiClass<? extends ApiRecord> known = CLASSES.get(apiClass);
    // To know the reference of a session is to be logged in.
    if (known == null || known == ApiModel.SESSION) {
      return AuditText.list(name, "", "", known == null ? ref : AuditText.trail(ref));
    }
    return object(state, name, known, ref);
  }

  private static <R extends ApiRecord> String object(
      Snapshot state, String name, ApiClass<R> apiClass, String ref) {
    Optional<R> record = state.find(apiClass, Ref.of(ref));
    return AuditText.list(
        name,
        record.map(r -> text(apiClass, r, "name_label")).orElse(""),
        record.map(r -> text(apiClass, r, "uuid")).orElse(""),
        ref);
  }

  private static <R extends ApiRecord> String text(ApiClass<R> apiClass, R record, String field) {
    Optional<Field<R, ?>> found = apiClass.field(field);
    return found
        .map(f -> f.of(record))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElse("");
  }

  private static String shown(Type<?> type, boolean isName, Value value) {
    return switch (value) {
      case Value.Text(String text) -> type.equals(Types.STRING) && !isName ? "..." : text;
      case Value.Whole(long number) -> Long.toString(number);
      case Value.Real(double number) -> Double.toString(number);
      case Value.Flag(boolean on) -> Boolean.toString(on);
      case Value.Moment(String text) -> text;
      case Value.Nothing() -> "";
      case Value.Structure(var members) ->
          members.keySet().stream()
              .sorted()
              .limit(MOST_SHOWN)
              .map(key -> key + ": ...")
              .collect(Collectors.joining(", ", "{", "}"));
      case Value.Sequence(var items) ->
          items.stream()
              .limit(MOST_SHOWN)
              .map(item -> isOfReferences(type) ? shown(type, true, item) : "...")
              .collect(Collectors.joining(", ", "[", "]"));
    };
  }

  private static boolean isOfReferences(Type<?> type) {
    return type instanceof Type.SetOf<?> set
        && set.member() instanceof Type.Reference<?> reference
        && !reference.apiClass().equals(ApiModel.SESSION.name());
  }
}
