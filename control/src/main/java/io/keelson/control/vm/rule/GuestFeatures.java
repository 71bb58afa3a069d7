package io.keelson.control.vm.rule;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;

/** What a VM's agent can be asked for, as its VM_guest_metrics say. */
public final class GuestFeatures {
  /** Key of VM_guest_metrics.other: the agent can hold its guest's file systems. */
  public static final String QUIESCE = "feature-quiesce";

  /** Key of VM_guest_metrics.other: the agent can set the addresses of its guest's cards. */
  public static final String STATIC_IP = "feature-static-ip-setting";

  /** The value under such a key. */
  public static final String YES = "1";

  private GuestFeatures() {}

  static boolean canQuiesce(Snapshot state, Vm vm) {
    return can(state, vm, QUIESCE);
  }

  /** Whether the VM's agent answers and can set addresses. */
  public static boolean canSetAddresses(Snapshot state, Vm vm) {
    return can(state, vm, STATIC_IP);
  }

  private static boolean can(Snapshot state, Vm vm, String feature) {
    return state
        .find(ApiModel.VM_GUEST_METRICS, vm.guestMetrics())
        .filter(metrics -> metrics.live() && YES.equals(metrics.other().get(feature)))
        .isPresent();
  }
}
