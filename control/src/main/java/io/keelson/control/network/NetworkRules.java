package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.Vif;
import io.keelson.store.Snapshot;
import java.util.List;

/** What may be done to a network, and why not. */
public final class NetworkRules {
  private static final long LARGEST_MTU = 65_535;

  private NetworkRules() {}

  /**
   * Holds an MTU against what any link can be set to.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  public static void checkMtu(long mtu) {
    if (mtu < 0 || mtu > LARGEST_MTU) {
      throw ApiErrors.invalidValue("MTU", Long.toString(mtu));
    }
  }

  /**
   * @throws io.keelson.api.ApiError NETWORK_CONTAINS_VIF with the attached ones,
   *     NETWORK_CONTAINS_PIF, OTHER_OPERATION_IN_PROGRESS, CANNOT_DESTROY_SYSTEM_NETWORK
   */
  static void checkDestroy(Snapshot state, Ref<Network> ref) {
    PifRules.checkIdle(state, ref);
    Network network = state.get(ApiModel.NETWORK, ref);
    List<String> attached =
        network.vifs().stream()
            .filter(vif -> inUse(state.get(ApiModel.VIF, vif)))
            .map(Ref::text)
            .sorted()
            .toList();
    if (!attached.isEmpty()) {
      throw ApiErrors.networkContainsVif(attached);
    }
    if (!network.pifs().isEmpty()) {
      throw ApiErrors.networkContainsPif(network.pifs().stream().map(Ref::text).sorted().toList());
    }
    if (InternalNetwork.is(network)) {
      throw ApiErrors.cannotDestroySystemNetwork(ref.text());
    }
  }

  private static boolean inUse(Vif vif) {
    return vif.currentlyAttached() || !vif.currentOperations().isEmpty();
  }
}
