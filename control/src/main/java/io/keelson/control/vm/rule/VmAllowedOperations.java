package io.keelson.control.vm.rule;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps VM.allowed_operations as {@link VmRules} says. */
public final class VmAllowedOperations implements Derivation {

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    Set<Ref<Vm>> vms = new LinkedHashSet<>();
    for (ObjectId<?> object : changed) {
      if (object.apiClass() == ApiModel.VM) {
        vms.add(new Ref<>(object.ref().text()));
      } else if (object.apiClass() == ApiModel.VDI) {
        addUsers(state, new Ref<>(object.ref().text()), vms);
      }
    }
    vms.forEach(vm -> refresh(state, vm));
  }

  /** Works out one VM's allowed_operations. */
  public static void refresh(Overlay state, Ref<Vm> ref) {
    state
        .find(ApiModel.VM, ref)
        .ifPresent(vm -> {
          Set<VmOperations> allowed = VmRules.allowed(state, ref, vm);
          if (!allowed.equals(vm.allowedOperations())) {
            state.set(ApiModel.VM, ref, v -> v.with(b -> b.allowedOperations(allowed)));
          }
        });
  }

  /** A disk's on_boot decides what the VMs that use it may do. */
  private static void addUsers(Overlay state, Ref<Vdi> vdi, Set<Ref<Vm>> vms) {
    state.find(ApiModel.VDI, vdi).stream()
        .flatMap(v -> v.vbds().stream())
        .flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream())
        .forEach(vbd -> vms.add(vbd.vm()));
  }
}
