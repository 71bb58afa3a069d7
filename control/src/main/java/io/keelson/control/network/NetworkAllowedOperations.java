package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.NetworkOperations;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifOperations;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps allowed_operations of networks and VMs' network cards right: for what changed and for what
 * depends on it.
 */
public final class NetworkAllowedOperations implements Derivation {
  private static final Set<NetworkOperations> ALWAYS = Set.of(NetworkOperations.ATTACHING);

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    Set<Ref<Vif>> vifs = new LinkedHashSet<>();
    for (ObjectId<?> id : changed) {
      String ref = id.ref().text();
      if (id.apiClass() == ApiModel.VIF) {
        vifs.add(new Ref<>(ref));
      } else if (id.apiClass() == ApiModel.VM) {
        state.find(ApiModel.VM, new Ref<>(ref)).ifPresent(vm -> vifs.addAll(vm.vifs()));
      } else if (id.apiClass() == ApiModel.NETWORK) {
        state
            .find(ApiModel.NETWORK, new Ref<>(ref))
            .filter(network -> !network.allowedOperations().equals(ALWAYS))
            .ifPresent(_ ->
                state.set(
                    ApiModel.NETWORK,
                    new Ref<>(ref),
                    n -> n.with(b -> b.allowedOperations(ALWAYS))));
      }
    }
    vifs.forEach(vif -> derive(state, vif));
  }

  private static void derive(Overlay state, Ref<Vif> ref) {
    Optional<Vif> vif = state.find(ApiModel.VIF, ref);
    if (vif.isEmpty()) {
      return;
    }
    Set<VifOperations> allowed =
        VifRules.OFFERED.stream()
            .filter(o -> VifRules.refusal(state, ref, o).isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (!vif.get().allowedOperations().equals(allowed)) {
      state.set(ApiModel.VIF, ref, v -> v.with(b -> b.allowedOperations(allowed)));
    }
  }
}
