package io.keelson.control.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.MessageSpec;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.control.PlainSink;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every role against every message, and against every key with a role of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
  private final TestControl control;
  private final Map<AccessRole, String> sessions = new EnumMap<>(AccessRole.class);
  private final Map<String, MessageSpec> explicit =
      ApiModel.MESSAGES.stream().collect(Collectors.toMap(MessageSpec::wireName, spec -> spec));

  RolesTest(@TempDir Path folder) {
    control = new TestControl(folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  @Test
  void everyMessage() {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    for (Route route : control.control.routes().all()) {
      MessageSpec spec = route.spec();
      if (!spec.session() || spec.status() == MessageSpec.Status.REMOVED) {
        continue;
      }
      for (AccessRole role : AccessRole.values()) {
        cells++;
        boolean expected = least(spec).filter(role::includes).isPresent();
        if (isLetIn(role, spec) != expected) {
          wrong.add(spec.wireName() + " by " + role.text());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cells).isGreaterThan(8_000);
  }

  /** By the model alone: explicit messages say so, the rest follow from their fields. */
  private Optional<AccessRole> least(MessageSpec spec) {
    if (explicit.containsKey(spec.wireName())) {
      return explicit.get(spec.wireName()).role();
    }
    ApiClass<?> apiClass =
        ApiModel.CLASSES.stream()
            .filter(c -> c.name().equals(spec.apiClass()))
            .findFirst()
            .orElseThrow();
    if (spec.name().startsWith("get_")) {
      return Optional.of(
          apiClass.name().equals("secret") ? AccessRole.POOL_OPERATOR : AccessRole.READ_ONLY);
    }
    String field = spec.name().replaceFirst("^(set_|add_to_|remove_from_|add_|remove_)", "");
    return Optional.of(apiClass.field(field).orElseThrow().writer());
  }

  private Optional<AccessRole> least(String method) {
    return Optional.ofNullable(explicit.get(method)).flatMap(MessageSpec::role);
  }

  private boolean isLetIn(AccessRole role, MessageSpec spec) {
    List<Value> arguments = new ArrayList<>(List.of(new Value.Text(session(role))));
    spec.parameters().forEach(p -> arguments.add(anything(p)));
    return isLetIn(spec.wireName(), arguments);
  }

  private boolean isLetIn(String method, List<Value> arguments) {
    List<String> error = TestControl.error(control.callWith(method, arguments));
    assertThat(error)
        .as(method)
        .doesNotContain("SESSION_INVALID", "MESSAGE_PARAMETER_COUNT_MISMATCH")
        .doesNotContain("FIELD_TYPE_ERROR");
    return error.isEmpty() || !error.getFirst().equals("RBAC_PERMISSION_DENIED");
  }

  private String session(AccessRole role) {
    String known = sessions.getOrDefault(role, "");
    if (!control.control.sessions().isLive(Ref.of(known))) {
      known = control.session(role);
      sessions.put(role, known);
    }
    return known;
  }

  private static <T> Value anything(Param<T> parameter) {
    return anything(parameter.type());
  }

  private static <T> Value anything(Type<T> type) {
    return switch (type) {
      case Type.RecordOf<?> record -> constructor(record.apiClass().get());
      case Type.Reference<?> _ -> new Value.Text("OpaqueRef:nothing");
      case Type<?> _ -> value(PlainSink.of(Reply.of(type, type.zero())));
    };
  }

  private static <R extends ApiRecord> Value constructor(ApiClass<R> apiClass) {
    Map<String, Value> members = new LinkedHashMap<>();
    apiClass.constructorFields().forEach(f -> members.put(f.name(), anything(f.type())));
    return new Value.Structure(members);
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

  @Test
  void everyKeyByEveryForm() {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    for (ApiClass<?> apiClass : ApiModel.CLASSES) {
      for (Field<?, ?> field : apiClass.visibleFields()) {
        for (Map.Entry<String, AccessRole> key : field.keyRoles().entrySet()) {
          for (AccessRole role : AccessRole.values()) {
            boolean mayKey = role.includes(key.getValue());
            boolean mayAll = role.includes(field.writer()) && mayKey;
            String k = key.getKey().replace("*", "anything");
            cells += 4;
            check(wrong, mayKey, role, apiClass, "add_to_" + field.name(), k, "v");
            check(wrong, mayKey, role, apiClass, "remove_from_" + field.name(), k);
            checkSet(wrong, mayAll, role, apiClass, field, k);
            checkCreate(wrong, role, apiClass, field, k, key.getValue());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cells).isGreaterThan(300);
  }

  private void check(
      List<String> wrong,
      boolean expected,
      AccessRole role,
      ApiClass<?> apiClass,
      String message,
      String... keyAndValue) {
    List<Value> arguments =
        new ArrayList<>(
            List.of(new Value.Text(session(role)), new Value.Text("OpaqueRef:nothing")));
    for (String text : keyAndValue) {
      arguments.add(new Value.Text(text));
    }
    String method = apiClass.name() + "." + message;
    if (isLetIn(method, arguments) != expected) {
      wrong.add(method + " of " + keyAndValue[0] + " by " + role.text());
    }
  }

  /** Setting the whole map needs an object, since only what changes is looked at. */
  private <R extends ApiRecord> void checkSet(
      List<String> wrong,
      boolean expected,
      AccessRole role,
      ApiClass<R> apiClass,
      Field<?, ?> field,
      String key) {
    Ref<R> ref = control.object(apiClass);
    Value map = new Value.Structure(Map.of(key, new Value.Text("v")));
    String method = apiClass.name() + ".set_" + field.name();
    Value self = new Value.Text(ref.text());
    Value empty = new Value.Structure(Map.of());
    assertThat(isLetIn(method, List.of(new Value.Text(control.session()), self, empty))).isTrue();
    boolean letIn = isLetIn(method, List.of(new Value.Text(session(role)), self, map));
    if (letIn != expected) {
      wrong.add(method + " of " + key + " by " + role.text());
    }
  }

  private <R extends ApiRecord> void checkCreate(
      List<String> wrong,
      AccessRole role,
      ApiClass<R> apiClass,
      Field<?, ?> field,
      String key,
      AccessRole keyRole) {
    boolean constructs =
        apiClass.constructorFields().stream().anyMatch(f -> f.name().equals(field.name()));
    if (!constructs || !explicit.containsKey(apiClass.name() + ".create")) {
      return;
    }
    if (!(constructor(apiClass) instanceof Value.Structure(var members))) {
      return;
    }
    Map<String, Value> given = new LinkedHashMap<>(members);
    given.put(field.name(), new Value.Structure(Map.of(key, new Value.Text("v"))));
    String method = apiClass.name() + ".create";
    boolean expected = role.includes(keyRole) && least(method).filter(role::includes).isPresent();
    boolean letIn =
        isLetIn(method, List.of(new Value.Text(session(role)), new Value.Structure(given)));
    if (letIn != expected) {
      wrong.add(method + " with " + key + " by " + role.text());
    }
  }
}
