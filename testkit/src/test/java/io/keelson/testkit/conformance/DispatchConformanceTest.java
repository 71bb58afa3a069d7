package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.list;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Cases 7 to 13, 32 and 33: which call is meant, and whether its parameters fit. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class DispatchConformanceTest {
  private final Api api;
  private final Vms vms;

  DispatchConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void unknownMethodWithoutParametersIsUnknown() {
    assertThat(api.wire().call("VM.fly", List.of()))
        .isEqualTo(new Answer.Failure(List.of("MESSAGE_METHOD_UNKNOWN", "VM.fly")));
  }

  @Test
  void unknownMethodOfABadSessionIsABadSession() {
    assertThat(api.wire().call("VM.fly", List.of(text("OpaqueRef:none"))))
        .isEqualTo(new Answer.Failure(List.of("SESSION_INVALID", "OpaqueRef:none")));
  }

  @Test
  void unknownMethodOfAGoodSessionIsUnknown() {
    assertThat(api.refusal("VM.fly")).containsExactly("MESSAGE_METHOD_UNKNOWN", "VM.fly");
  }

  @Test
  void parametersAreCountedWithoutTheSession() {
    assertThat(api.refusal("VM.get_record"))
        .containsExactly("MESSAGE_PARAMETER_COUNT_MISMATCH", "VM.get_record", "1", "0");
    assertThat(api.refusal("VM.get_record", text("a"), text("b")))
        .containsExactly("MESSAGE_PARAMETER_COUNT_MISMATCH", "VM.get_record", "1", "2");
  }

  @Test
  void deadReferenceIsAnInvalidHandle() {
    assertThat(api.refusal("VM.get_record", text("OpaqueRef:none")))
        .containsExactly("HANDLE_INVALID", "VM", "OpaqueRef:none");
    assertThat(api.refusal("VM.get_record", text("any text")))
        .containsExactly("HANDLE_INVALID", "VM", "any text");
    assertThat(api.refusal("VM.set_name_label", Values.NULL, text("x")))
        .containsExactly("HANDLE_INVALID", "VM", "OpaqueRef:NULL");
  }

  @Test
  void referenceOfAnotherClassIsAnInvalidHandle() {
    JsonNode host = api.call("host.get_all").get(0);
    assertThat(api.refusal("VM.get_record", host))
        .containsExactly("HANDLE_INVALID", "VM", host.asString());
  }

  @Test
  void unknownUuidIsAnInvalidUuid() {
    assertThat(api.refusal("VM.get_by_uuid", text("x"))).containsExactly("UUID_INVALID", "VM", "x");
  }

  @Test
  void noObjectOfANameIsAnEmptySet() {
    assertThat(api.call("VM.get_by_name_label", text("no such name"))).isEqualTo(list());
  }

  @Test
  void methodsHaveANameWithAnUnderscoreToo() {
    assertThat(api.call("VM_get_all")).isEqualTo(api.call("VM.get_all"));
    assertThat(api.read("pool_get_uuid", api.call("pool_get_all").get(0))).isNotEmpty();
  }

  @Test
  void namesOfMethodsAreCaseSensitive() {
    assertThat(api.refusal("vm.get_all")).containsExactly("MESSAGE_METHOD_UNKNOWN", "vm.get_all");
    assertThat(api.refusal("Host.get_all"))
        .containsExactly("MESSAGE_METHOD_UNKNOWN", "Host.get_all");
  }

  @Test
  void readOnlyFieldsHaveNoSetter() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VM.set_power_state", vm, text("Running")))
        .containsExactly("MESSAGE_METHOD_UNKNOWN", "VM.set_power_state");
  }

  @Test
  void fieldsLeftOutOfAConstructorTakeTheirDefault() {
    JsonNode record = api.call("VM.get_record", vms.halted());

    assertThat(record.get("blocked_operations")).isEqualTo(map(Map.of()));
    assertThat(record.get("HVM_shadow_multiplier").asDouble()).isEqualTo(1.0);
    assertThat(record.get("generation_id").asString()).isEqualTo("0:0");
  }

  @Test
  void fieldThatMustBeGivenIsNamedWhenItIsMissing() {
    JsonNode record = Vms.vmRecord("incomplete", 32).without("memory_static_max");

    List<String> refusal = api.refusal("VM.create", record);

    assertThat(refusal.getFirst()).isNotEqualTo("INTERNAL_ERROR");
    assertThat(refusal.toString()).contains("memory_static_max");
  }

  @Test
  void membersThatAreNoFieldsAreIgnored() {
    JsonNode vm = vms.created(Vms.vmRecord("more", 32).put("colour", "blue"));
    assertThat(api.read("VM.get_name_label", vm)).isEqualTo("more");
  }

  @Test
  void parameterOfAWrongTypeIsNamed() {
    JsonNode vm = vms.halted();

    assertThat(api.refusal("VM.set_is_a_template", vm, text("perhaps")).getFirst())
        .isIn("FIELD_TYPE_ERROR", "INVALID_VALUE");
    assertThat(api.refusal("VM.set_memory_static_max", vm, text("much")).getFirst())
        .isIn("FIELD_TYPE_ERROR", "INVALID_VALUE");
    assertThat(api.refusal("VM.set_tags", vm, text("one")).getFirst())
        .isIn("FIELD_TYPE_ERROR", "INVALID_VALUE");
    assertThat(api.refusal("VM.set_actions_after_crash", vm, text("explode")).getFirst())
        .isIn("FIELD_TYPE_ERROR", "INVALID_VALUE");
  }

  @Test
  void wholeNumbersMayComeAsText() {
    JsonNode vm = vms.halted();
    api.call("VM.set_user_version", vm, text("7"));
    assertThat(api.call("VM.get_user_version", vm).asInt()).isEqualTo(7);
    api.call("VM.set_user_version", vm, number(8));
    assertThat(api.call("VM.get_user_version", vm).asInt()).isEqualTo(8);
  }

  @Test
  void trailingParametersWithADefaultMayBeLeftOff() {
    // The parameters for the driver came with a later release.
    JsonNode clone = api.call("VDI.clone", vms.disk());
    assertThat(clone.asString()).startsWith("OpaqueRef:");
    api.call("VDI.destroy", clone);
  }

  @Test
  void namesOfMembersComeBackAsTheyWereGiven() {
    JsonNode vm = vms.halted();
    String key = "a<b>&\"c\"";
    api.call("VM.add_to_other_config", vm, text(key), text("<&>"));
    assertThat(api.call("VM.get_other_config", vm).path(key).asString()).isEqualTo("<&>");
  }

  @Test
  void bothSidesOfARelationAgree() {
    JsonNode vm = vms.halted();
    JsonNode vbd = api.call("VBD.create", Vms.cdRecord(vm, "3"));
    assertThat(api.call("VM.get_VBDs", vm)).isEqualTo(list(vbd));
    api.call("VBD.destroy", vbd);
    assertThat(api.call("VM.get_VBDs", vm)).isEqualTo(list());
  }
}
