package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Cases 29 to 31 and 62: fields, sets, maps and filters. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class AccessorConformanceTest {
  private final Api api;
  private final Vms vms;

  AccessorConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void keyOfAMapCanBeAddedOnce() {
    JsonNode pool = api.call("pool.get_all").get(0);
    api.call("pool.remove_from_other_config", pool, text("key"));
    api.call("pool.add_to_other_config", pool, text("key"), text("one"));

    assertThat(api.refusal("pool.add_to_other_config", pool, text("key"), text("one")))
        .containsExactly("MAP_DUPLICATE_KEY", "pool", "other_config", pool.asString(), "key");
    assertThat(api.call("pool.get_other_config", pool).path("key").asString()).isEqualTo("one");
  }

  @Test
  void keyThatIsNotThereMayBeRemoved() {
    JsonNode pool = api.call("pool.get_all").get(0);
    assertThat(api.read("pool.remove_from_other_config", pool, text("never there"))).isEmpty();
  }

  @Test
  void memberOfASetIsThereOnce() {
    JsonNode vm = vms.halted();

    api.call("VM.add_tags", vm, text("red"));
    api.call("VM.add_tags", vm, text("red"));
    assertThat(api.call("VM.get_tags", vm)).isEqualTo(texts("red"));

    api.call("VM.remove_tags", vm, text("red"));
    api.call("VM.remove_tags", vm, text("red"));
    assertThat(api.call("VM.get_tags", vm)).isEqualTo(texts());
  }

  @Test
  void setsAndMapsAreSetAsAWhole() {
    JsonNode vm = vms.halted();

    api.call("VM.set_tags", vm, texts("b", "a"));
    assertThat(strings(api.call("VM.get_tags", vm))).containsExactlyInAnyOrder("a", "b");

    api.call("VM.set_other_config", vm, map(Map.of("k", "v")));
    assertThat(api.call("VM.get_other_config", vm)).isEqualTo(map(Map.of("k", "v")));
  }

  @Test
  void recordHoldsWhatTheGettersSay() {
    JsonNode vm = vms.halted();
    JsonNode record = api.call("VM.get_record", vm);

    for (Map.Entry<String, JsonNode> field : record.properties()) {
      assertThat(api.call("VM.get_" + field.getKey(), vm))
          .as(field.getKey())
          .isEqualTo(field.getValue());
    }
    assertThat(api.call("VM.get_all_records").get(vm.asString())).isEqualTo(record);
    assertThat(api.call("VM.get_by_uuid", record.get("uuid"))).isEqualTo(vm);
    assertThat(strings(api.call("VM.get_by_name_label", record.get("name_label"))))
        .containsExactly(vm.asString());
  }

  @Test
  void filtersSelectByFields() {
    JsonNode vm = vms.halted();
    String name = api.read("VM.get_name_label", vm);
    String filter =
        "field \"name__label\" = \"" + name + "\" and not field \"is_a_template\" = \"true\"";

    assertThat(api.call("VM.get_all_records_where", text(filter)).propertyNames())
        .containsExactly(vm.asString());
    assertThat(api.call("VM.get_all_records_where", text("not (" + filter + ")")).propertyNames())
        .isNotEmpty()
        .doesNotContain(vm.asString());
    assertThat(api.call("VM.get_all_records_where", text("false"))).isEmpty();
    assertThat(api.call("VM.get_all_records_where", text("true")).size())
        .isEqualTo(api.call("VM.get_all").size());
    String byRef = "field \"_ref\" = \"" + vm.asString() + "\"";
    assertThat(api.call("VM.get_all_records_where", text(byRef))).hasSize(1);
    // "and" and "or" bind alike and to the left.
    assertThat(api.call("VM.get_all_records_where", text("true or true and false"))).isEmpty();
  }

  @Test
  void filterThatCannotBeReadIsAnInvalidValue() {
    for (String filter :
        List.of("", "field", "field \"uuid\" =", "true and", "(true", "TRUE", "\"a\"")) {
      assertThat(api.refusal("VM.get_all_records_where", text(filter)))
          .as(filter)
          .startsWith("INVALID_VALUE", filter);
    }
    assertThat(api.refusal("VM.get_all_records_where", text("field \"colour\" = \"blue\"")))
        .startsWith("INVALID_VALUE");
  }

  @Test
  void textsOfAllKindsComeBackAsTheyWere() {
    JsonNode vm = vms.halted();
    for (String name :
        List.of("", " spaces ", "a<b>&c;\"d\"'e'", "grüße 日本 🙂", "tab\tand\nline", "]]>")) {
      api.call("VM.set_name_description", vm, text(name));
      assertThat(api.read("VM.get_name_description", vm)).isEqualTo(name);
    }
  }

  @Test
  void creationSetsEachFieldThatItIsGiven() {
    JsonNode vm =
        vms.created(
            Vms.vmRecord("given", 48).put("name_description", "described").put("user_version", 3));
    JsonNode record = api.call("VM.get_record", vm);

    assertThat(record.get("name_description").asString()).isEqualTo("described");
    assertThat(record.get("user_version").asInt()).isEqualTo(3);
    assertThat(record.get("memory_static_max").asLong()).isEqualTo(48L << 20);
    assertThat(record.get("power_state").asString()).isEqualTo("Halted");
    assertThat(record.get("domid").asInt()).isEqualTo(-1);
    assertThat(record.get("other_config").has("mac_seed")).isTrue();
    assertThat(record.get("uuid").asString()).hasSize(36);
  }

  @Test
  void destroyedObjectIsGoneEverywhere() {
    JsonNode vm = vms.halted();
    String uuid = api.read("VM.get_uuid", vm);
    JsonNode vbd = api.call("VBD.create", Vms.cdRecord(vm, "0"));

    api.call("VM.destroy", vm);

    assertThat(api.refusal("VM.get_uuid", vm))
        .containsExactly("HANDLE_INVALID", "VM", vm.asString());
    assertThat(api.refusal("VM.get_by_uuid", text(uuid)))
        .containsExactly("UUID_INVALID", "VM", uuid);
    assertThat(api.refusal("VBD.get_uuid", vbd))
        .containsExactly("HANDLE_INVALID", "VBD", vbd.asString());
    assertThat(strings(api.call("VM.get_all"))).doesNotContain(vm.asString());
  }
}
