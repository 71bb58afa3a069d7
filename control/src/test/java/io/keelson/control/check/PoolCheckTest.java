package io.keelson.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Violation;
import io.keelson.store.table.StateEditor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolCheckTest {
  private static final Ref<Vm> VM = Ref.of("OpaqueRef:vm");

  private final StateEditor editor = StateEditor.restoring(10);

  private List<String> found() {
    return PoolCheck.of(editor.build()).stream().map(Violation::sentence).toList();
  }

  @Test
  void findsClaimsOfNobody() {
    editor.insert(
        ApiModel.VM,
        VM,
        ApiModel.VM
            .blank()
            .with(
                b -> b.uuid("a").currentOperations(Map.of("OpaqueRef:gone", VmOperations.START))));

    assertThat(found())
        .containsExactly(
            "VM a: current_operations names the task OpaqueRef:gone, which does not go on.");
  }

  @Test
  void findsARunningVmWithoutAHost() {
    editor.insert(
        ApiModel.VM,
        VM,
        ApiModel.VM.blank().with(b -> b.uuid("a").powerState(VmPowerState.RUNNING)));

    assertThat(found()).singleElement().asString().startsWith("VM a: resident_on is no host");
  }

  @Test
  void findsTwoDrivesInOnePlace() {
    for (String uuid : List.of("b", "c")) {
      editor.insert(
          ApiModel.VBD,
          Ref.of("OpaqueRef:" + uuid),
          ApiModel.VBD.blank().with(b -> b.uuid(uuid).vm(VM).userdevice("0").empty(true)));
    }

    assertThat(found()).singleElement().asString().contains("userdevice is a place that");
  }

  @Test
  void findsSpaceThatNoDiskHas() {
    Ref<Sr> sr = Ref.of("OpaqueRef:sr");
    editor.insert(ApiModel.SR, sr, ApiModel.SR.blank().with(b -> b.uuid("s").virtualAllocation(7)));

    assertThat(found())
        .containsExactly("SR s: virtual_allocation is 7, and the disks have 0 bytes together.");
  }
}
