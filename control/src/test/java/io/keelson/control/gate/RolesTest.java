package io.keelson.control.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.ErrorCode;
import io.keelson.api.Field;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.messages.VmTransfer;
import io.keelson.api.model.Vm;
import io.keelson.control.DirectCall;
import io.keelson.control.TestControl;
import io.keelson.control.exchange.ExportOptions;
import io.keelson.control.exchange.ImportOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every role against every message, and against every key with a role of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
  /** The six roles, and none. */
  private static final List<Optional<AccessRole>> CALLERS =
      Stream.concat(
              Stream.of(Optional.<AccessRole>empty()),
              Stream.of(AccessRole.values()).map(Optional::of))
          .toList();

  private final TestControl control;
  private String root = "";
  private final Map<Optional<AccessRole>, String> sessions = new HashMap<>();
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
      for (Optional<AccessRole> role : CALLERS) {
        cells++;
        boolean expected = least(spec).filter(least -> includes(role, least)).isPresent();
        if (isLetIn(role, spec) != expected) {
          wrong.add(spec.wireName() + " by " + text(role));
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

  private boolean isLetIn(Optional<AccessRole> role, MessageSpec spec) {
    List<Value> arguments = new ArrayList<>(List.of(new Value.Text(session(role))));
    spec.parameters().forEach(p -> arguments.add(AnyArguments.of(p, "")));
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

  private String session(Optional<AccessRole> role) {
    String known = sessions.getOrDefault(role, "");
    if (!control.control.sessions().isLive(Ref.of(known))) {
      known = role.map(control::session).orElseGet(control::nobody);
      sessions.put(role, known);
    }
    return known;
  }

  @Test
  void everyKeyByEveryForm() {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    for (ApiClass<?> apiClass : ApiModel.CLASSES) {
      for (Field<?, ?> field : apiClass.visibleFields()) {
        for (Map.Entry<String, AccessRole> key : field.keyRoles().entrySet()) {
          for (Optional<AccessRole> role : CALLERS) {
            boolean mayKey = includes(role, key.getValue());
            boolean mayField = includes(role, field.writer());
            String k = key.getKey().replace("*", "anything");
            cells += 7;
            check(wrong, mayKey, role, apiClass, "add_to_" + field.name(), k, "v");
            check(wrong, mayKey, role, apiClass, "remove_from_" + field.name(), k);
            Map<String, String> none = Map.of();
            Map<String, String> with = Map.of(k, "v");
            checkSet(wrong, mayField && mayKey, role, apiClass, field, none, with);
            checkSet(wrong, mayField && mayKey, role, apiClass, field, with, none);
            checkSet(wrong, mayField && mayKey, role, apiClass, field, with, Map.of(k, "w"));
            checkSet(wrong, mayField, role, apiClass, field, with, with);
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
      Optional<AccessRole> role,
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
      wrong.add(method + " of " + keyAndValue[0] + " by " + text(role));
    }
  }

  /** Setting the whole map needs an object, since only what changes is looked at. */
  private <R extends ApiRecord> void checkSet(
      List<String> wrong,
      boolean expected,
      Optional<AccessRole> role,
      ApiClass<R> apiClass,
      Field<?, ?> field,
      Map<String, String> before,
      Map<String, String> after) {
    Value self = new Value.Text(control.object(apiClass).text());
    String method = apiClass.name() + ".set_" + field.name();
    assertThat(isLetIn(method, List.of(new Value.Text(root()), self, map(before)))).isTrue();
    boolean letIn = isLetIn(method, List.of(new Value.Text(session(role)), self, map(after)));
    if (letIn != expected) {
      wrong.add(method + " from " + before + " to " + after + " by " + text(role));
    }
  }

  private String root() {
    if (!control.control.sessions().isLive(Ref.of(root))) {
      root = control.session();
    }
    return root;
  }

  private static Value map(Map<String, String> texts) {
    return new Value.Structure(
        texts.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new Value.Text(e.getValue()))));
  }

  private static boolean includes(Optional<AccessRole> role, AccessRole least) {
    return role.filter(r -> r.includes(least)).isPresent();
  }

  private static String text(Optional<AccessRole> role) {
    return role.map(AccessRole::text).orElse("nobody");
  }

  /** What an archive holds is set by it, keys included. */
  @Test
  void everyKeyByImport() {
    List<String> wrong = new ArrayList<>();
    Field<Vm, ?> field = ApiModel.VM.field("other_config").orElseThrow();
    field
        .keyRoles()
        .forEach((pattern, least) -> {
          String key = pattern.replace("*", "anything");
          Ref<Vm> vm = control.vm("with " + key);
          control.store.change(tx ->
              tx.update(
                  ApiModel.VM, vm, v -> v.with(b -> b.otherConfig(Map.of(key, "v", "a", "b")))));
          byte[] archive =
              control
                  .control
                  .exchange()
                  .exportMetadata(List.of(vm), new ExportOptions(true, false));
          for (Optional<AccessRole> role : CALLERS) {
            if (isTaken(archive, role) != includes(role, least)) {
              wrong.add("import of " + key + " by " + text(role));
            }
          }
        });
    assertThat(field.keyRoles()).isNotEmpty();
    assertThat(wrong).isEmpty();
  }

  private boolean isTaken(byte[] archive, Optional<AccessRole> role) {
    ImportOptions options =
        new ImportOptions(new ImportOptions.InPool(Map.of()), false, false, false);
    try {
      Set<Ref<Vm>> _ =
          control
              .control
              .exchange()
              .take(
                  DirectCall.of(VmTransfer.Specs.IMPORT).by(session(role)),
                  new ByteArrayInputStream(archive),
                  options);
      return true;
    } catch (ApiError refused) {
      // What else is wrong with a VM that has nothing is found out later.
      return refused.code() != ErrorCode.RBAC_PERMISSION_DENIED;
    }
  }

  private <R extends ApiRecord> void checkCreate(
      List<String> wrong,
      Optional<AccessRole> role,
      ApiClass<R> apiClass,
      Field<?, ?> field,
      String key,
      AccessRole keyRole) {
    boolean constructs =
        apiClass.constructorFields().stream().anyMatch(f -> f.name().equals(field.name()));
    if (!constructs || !explicit.containsKey(apiClass.name() + ".create")) {
      return;
    }
    if (!(AnyArguments.constructor(apiClass) instanceof Value.Structure(var members))) {
      return;
    }
    Map<String, Value> given = new LinkedHashMap<>(members);
    given.put(field.name(), new Value.Structure(Map.of(key, new Value.Text("v"))));
    String method = apiClass.name() + ".create";
    boolean expected =
        includes(role, keyRole) && least(method).filter(l -> includes(role, l)).isPresent();
    boolean letIn =
        isLetIn(method, List.of(new Value.Text(session(role)), new Value.Structure(given)));
    if (letIn != expected) {
      wrong.add(method + " with " + key + " by " + text(role));
    }
  }
}
