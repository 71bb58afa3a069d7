package io.keelson.control.accessor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiModel;
import io.keelson.api.Value;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The messages that follow from the fields. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessorsTest {
  private final TestControl control;
  private final String session;

  AccessorsTest(@TempDir Path folder) {
    control = new TestControl(folder);
    session = control.session();
  }

  @AfterAll
  void close() {
    control.close();
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  @Test
  void objectsThatAreNotThere() {
    assertThat(error("VM.get_record", session, "OpaqueRef:x"))
        .containsExactly("HANDLE_INVALID", "VM", "OpaqueRef:x");
    assertThat(error("VM.get_name_label", session, "nonsense"))
        .containsExactly("HANDLE_INVALID", "VM", "nonsense");
    assertThat(error("VM.set_name_label", session, "OpaqueRef:NULL", "a"))
        .containsExactly("HANDLE_INVALID", "VM", "OpaqueRef:NULL");
    assertThat(error("VM.get_name_label", session, control.host.text()))
        .containsExactly("HANDLE_INVALID", "VM", control.host.text());
    assertThat(error("VM.get_by_uuid", session, "x")).containsExactly("UUID_INVALID", "VM", "x");
    assertThat(control.answer("VM.get_by_name_label", session, "none")).isEqualTo(List.of());
  }

  @Test
  void readAndSet() {
    String vm = control.vm("first").text();
    assertThat(control.answer("VM.set_name_label", session, vm, "second")).isEqualTo("");
    assertThat(control.answer("VM.get_name_label", session, vm)).isEqualTo("second");
    assertThat(control.answer("VM.get_by_name_label", session, "second")).isEqualTo(List.of(vm));
    Object uuid = control.answer("VM.get_uuid", session, vm);
    assertThat(control.answer("VM.get_by_uuid", session, uuid.toString())).isEqualTo(vm);
    assertThat(((List<?>) control.answer("VM.get_all", session)).contains(vm)).isTrue();
    assertThat(control.answer("VM.get_record", session, vm))
        .isEqualTo(((Map<?, ?>) control.answer("VM.get_all_records", session)).get(vm));
    assertThat(((Map<?, ?>) control.answer("VM.get_record", session, vm)).keySet())
        .extracting(Object::toString)
        .containsExactlyElementsOf(
            ApiModel.VM.visibleFields().stream().map(f -> f.name()).toList());
  }

  @Test
  void maps() {
    String pool = control.pool.text();
    assertThat(control.answer("pool.add_to_other_config", session, pool, "k", "v")).isEqualTo("");
    assertThat(error("pool.add_to_other_config", session, pool, "k", "v"))
        .containsExactly("MAP_DUPLICATE_KEY", "pool", "other_config", pool, "k");
    assertThat(control.answer("pool.get_other_config", session, pool)).isEqualTo(Map.of("k", "v"));
    assertThat(control.answer("pool.remove_from_other_config", session, pool, "k")).isEqualTo("");
    assertThat(control.answer("pool.remove_from_other_config", session, pool, "k")).isEqualTo("");
    assertThat(control.answer("pool.get_other_config", session, pool)).isEqualTo(Map.of());
  }

  @Test
  void setsOfPlainValues() {
    String vm = control.vm("tagged").text();
    control.answer("VM.add_tags", session, vm, "a");
    control.answer("VM.add_tags", session, vm, "a");
    control.answer("VM.add_tags", session, vm, "b");
    assertThat(control.answer("VM.get_tags", session, vm)).isEqualTo(List.of("a", "b"));
    control.answer("VM.remove_tags", session, vm, "a");
    control.answer("VM.remove_tags", session, vm, "x");
    assertThat(control.answer("VM.get_tags", session, vm)).isEqualTo(List.of("b"));
  }

  @Test
  void filters() {
    String one = control.vm("one \"quote").text();
    String two = control.vm("two").text();
    assertThat(((Map<?, ?>) where("field \"name__label\" = \"two\"")).keySet())
        .isEqualTo(Set.of(two));
    assertThat(((Map<?, ?>) where("field \"name_label\" = \"two\"")).keySet())
        .isEqualTo(Set.of(two));
    assertThat(((Map<?, ?>) where("field \"_ref\" = \"" + one + "\"")).keySet())
        .isEqualTo(Set.of(one));
    assertThat(
            (Map<?, ?>)
                where(
                    "field \"name__label\" = \"two\" and not field \"is_a_template\" ="
                        + " \"true\" and field \"power_state\" = \"Halted\" and field"
                        + " \"other_config\" = \"()\""))
        .hasSize(1);
    assertThat(error("VM.get_all_records_where", session, "field"))
        .startsWith("INVALID_VALUE", "field");
    assertThat(error("VM.get_all_records_where", session, "field \"nope\" = \"\""))
        .startsWith("INVALID_VALUE");
  }

  private Object where(String expression) {
    return control.answer("VM.get_all_records_where", session, expression);
  }

  @Test
  void keysHaveRolesOfTheirOwnWhicheverMessageSetsThem() {
    String vm = control.vm("keyed").text();
    String operator = control.session(AccessRole.VM_OPERATOR);
    String admin = control.session(AccessRole.VM_ADMIN);
    assertThat(error("VM.add_to_other_config", operator, vm, "folder", "f")).isEmpty();
    assertThat(error("VM.add_to_other_config", operator, vm, "XenCenter.CustomFields.x", "f"))
        .isEmpty();
    assertThat(error("VM.add_to_other_config", operator, vm, "other", "f"))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.add_to_other_config");
    assertThat(error("VM.add_to_other_config", admin, vm, "other", "f")).isEmpty();
    assertThat(error("VM.add_to_other_config", admin, vm, "pci", "f"))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.add_to_other_config/key:pci");
    assertThat(error("VM.remove_from_other_config", admin, vm, "pci"))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.remove_from_other_config/key:pci");
    assertThat(set(admin, vm, Map.of("pci", "1")))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.set_other_config/key:pci");
    assertThat(set(session, vm, Map.of("pci", "1"))).isEmpty();
    // a key that stays as it is may stay; one that would go may not
    assertThat(set(admin, vm, Map.of("pci", "1", "mine", "2"))).isEmpty();
    assertThat(set(admin, vm, Map.of("pci", "2")))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.set_other_config/key:pci");
    assertThat(set(admin, vm, Map.of()))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.set_other_config/key:pci");
    assertThat(set(operator, vm, Map.of("pci", "1")))
        .startsWith("RBAC_PERMISSION_DENIED", "vm.set_other_config");
  }

  private List<String> set(String who, String vm, Map<String, String> map) {
    Map<String, Value> members = new TreeMap<>();
    map.forEach((k, v) -> members.put(k, new Value.Text(v)));
    List<Value> arguments = new ArrayList<>(List.of(new Value.Text(who), new Value.Text(vm)));
    arguments.add(new Value.Structure(members));
    return TestControl.error(control.callWith("VM.set_other_config", arguments));
  }

  @Test
  void secretsAreReadByWhoMayUseThem() {
    Map<String, Value> members = Map.of("value", new Value.Text("hush"));
    Object secret =
        TestControl.answer(
            control.callWith(
                "secret.create", List.of(new Value.Text(session), new Value.Structure(members))));
    String reader = control.session(AccessRole.VM_POWER_ADMIN);
    for (String method : List.of("secret.get_value", "secret.get_record")) {
      assertThat(error(method, reader, secret.toString())).startsWith("RBAC_PERMISSION_DENIED");
    }
    assertThat(error("secret.get_all_records", reader)).startsWith("RBAC_PERMISSION_DENIED");
    assertThat(error("secret.get_all_records_where", reader, "true"))
        .startsWith("RBAC_PERMISSION_DENIED");
    assertThat(control.answer("secret.get_value", session, secret.toString())).isEqualTo("hush");
  }
}
