package io.keelson.store.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.store.Violation;
import org.junit.jupiter.api.Test;

class StateCheckTest {
  private static final Ref<Vm> VM = Ref.of("OpaqueRef:vm");
  private static final Ref<Vbd> DRIVE = Ref.of("OpaqueRef:drive");

  private final StateEditor editor = StateEditor.restoring(10);

  private void vm(Ref<Vm> ref, String uuid) {
    editor.insert(ApiModel.VM, ref, ApiModel.VM.blank().with(b -> b.uuid(uuid)));
  }

  private void drive(Ref<Vbd> ref, Ref<Vm> of) {
    editor.insert(
        ApiModel.VBD, ref, ApiModel.VBD.blank().with(b -> b.uuid("of " + ref.text()).vm(of)));
  }

  @Test
  void nothingIsWrongWithWhatFitsTogether() {
    vm(VM, "a");
    drive(DRIVE, VM);

    assertThat(StateCheck.stored(editor.build())).isEmpty();
  }

  @Test
  void findsReferencesToNothing() {
    drive(DRIVE, VM);

    assertThat(StateCheck.stored(editor.build()))
        .containsExactly(
            new Violation(
                "VBD",
                "of OpaqueRef:drive",
                "VM",
                "names OpaqueRef:vm, which is no VM that exists"));
  }

  @Test
  void findsReferencesToObjectsOfAnotherClass() {
    Ref<Vbd> other = Ref.of("OpaqueRef:other");
    vm(VM, "a");
    drive(other, VM);
    drive(DRIVE, Ref.of(other.text()));

    assertThat(StateCheck.stored(editor.build()))
        .extracting(Violation::sentence)
        .containsExactly(
            "VBD of OpaqueRef:drive: VM names OpaqueRef:other, which is an object of class VBD"
                + " and no VM.");
  }

  @Test
  void findsWhatTwoObjectsHave() {
    vm(VM, "a");
    vm(Ref.of("OpaqueRef:vm2"), "a");
    drive(Ref.of(VM.text()), VM);

    assertThat(StateCheck.stored(editor.build()))
        .extracting(Violation::field)
        .containsExactlyInAnyOrder("uuid", "ref");
  }

  @Test
  void findsWhatDoesNotFollowFromTheOthers() {
    vm(VM, "a");

    assertThat(
            StateCheck.derived(
                editor.build(),
                (changed, state) ->
                    state.set(
                        ApiModel.VM,
                        VM,
                        vm ->
                            vm.with(b ->
                                b.allowedOperations(
                                    java.util.Set.of(io.keelson.api.model.VmOperations.START))))))
        .extracting(Violation::field)
        .containsExactly("allowed_operations");
  }
}
