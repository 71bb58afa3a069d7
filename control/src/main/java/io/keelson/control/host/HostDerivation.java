package io.keelson.control.host;

import static io.keelson.api.model.HostAllowedOperations.EVACUATE;
import static io.keelson.api.model.HostAllowedOperations.POWER_ON;
import static io.keelson.api.model.HostAllowedOperations.PROVISION;
import static io.keelson.api.model.HostAllowedOperations.REBOOT;
import static io.keelson.api.model.HostAllowedOperations.SHUTDOWN;
import static io.keelson.api.model.HostAllowedOperations.VM_MIGRATE;
import static io.keelson.api.model.HostAllowedOperations.VM_RESUME;
import static io.keelson.api.model.HostAllowedOperations.VM_START;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps right what may be done to a host: it takes VMs while it is enabled, is turned off while it
 * is not, and is turned on where it is said how.
 */
public final class HostDerivation implements Derivation {
  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    for (ObjectId<?> id : changed) {
      if (id.apiClass() == ApiModel.HOST) {
        derive(Ref.<Host>of(id.ref().text()), state);
      }
    }
  }

  private static void derive(Ref<Host> ref, Overlay state) {
    state
        .find(ApiModel.HOST, ref)
        .ifPresent(host -> {
          Set<HostAllowedOperations> allowed = allowed(host);
          if (!allowed.equals(host.allowedOperations())) {
            state.set(ApiModel.HOST, ref, h -> h.with(b -> b.allowedOperations(allowed)));
          }
        });
  }

  private static Set<HostAllowedOperations> allowed(Host host) {
    Set<HostAllowedOperations> allowed =
        host.enabled()
            ? EnumSet.of(PROVISION, VM_START, VM_RESUME, VM_MIGRATE, EVACUATE)
            : EnumSet.of(EVACUATE, REBOOT, SHUTDOWN);
    if (!host.powerOnMode().isEmpty()) {
      allowed.add(POWER_ON);
    }
    if (!host.currentOperations().isEmpty()) {
      allowed.removeAll(EnumSet.of(EVACUATE, REBOOT, SHUTDOWN, POWER_ON));
    }
    return Collections.unmodifiableSet(allowed);
  }
}
