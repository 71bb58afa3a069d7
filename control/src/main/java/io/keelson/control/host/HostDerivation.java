package io.keelson.control.host;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.List;
import java.util.Set;

/** Keeps right what may be done to a host: it takes VMs while it is enabled. */
public final class HostDerivation implements Derivation {
  private static final Set<HostAllowedOperations> ENABLED =
      Set.of(
          HostAllowedOperations.PROVISION,
          HostAllowedOperations.VM_START,
          HostAllowedOperations.VM_RESUME);

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
          Set<HostAllowedOperations> allowed = host.enabled() ? ENABLED : Set.of();
          if (!allowed.equals(host.allowedOperations())) {
            state.set(ApiModel.HOST, ref, h -> h.with(b -> b.allowedOperations(allowed)));
          }
        });
  }
}
