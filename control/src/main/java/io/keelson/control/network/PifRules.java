package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.NetworkOperations;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vif;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;

/** What may be done to hosts' interfaces, and why not. */
final class PifRules {
  private static final long LAST_TAG = 4094;

  private PifRules() {}

  /**
   * Claims networks for a change of what they are on a host. Cards of VMs are not plugged into them
   * meanwhile.
   *
   * @throws io.keelson.api.ApiError OTHER_OPERATION_IN_PROGRESS
   */
  static void claim(Transaction tx, Claims claims, Iterable<Ref<Network>> networks) {
    for (Ref<Network> network : networks) {
      checkIdle(tx, network);
      claims.add(
          ApiModel.NETWORK, network, NetworkFields.CURRENT_OPERATIONS, NetworkOperations.ATTACHING);
    }
  }

  /**
   * @throws io.keelson.api.ApiError OTHER_OPERATION_IN_PROGRESS
   */
  static void checkIdle(Snapshot state, Ref<Network> network) {
    Refusals.raise(
        Refusals.busy(
            "network",
            network,
            state.get(ApiModel.NETWORK, network).currentOperations(),
            NetworkOperations::text));
  }

  /**
   * @throws io.keelson.api.ApiError PIF_UNMANAGED
   */
  static void checkManaged(Ref<Pif> ref, Pif pif) {
    if (!pif.managed()) {
      throw ApiErrors.pifUnmanaged(ref.text());
    }
  }

  /**
   * @throws io.keelson.api.ApiError VLAN_TAG_INVALID
   */
  static void checkTag(long tag) {
    if (tag < 0 || tag > LAST_TAG) {
      throw ApiErrors.vlanTagInvalid(Long.toString(tag));
    }
  }

  /**
   * A network has one interface of a host at most, and its cards are not in use while it gets one.
   *
   * @throws io.keelson.api.ApiError NETWORK_ALREADY_CONNECTED, VIF_IN_USE
   */
  static void checkFree(Snapshot state, Ref<Network> ref, Ref<Host> host) {
    Network network = state.get(ApiModel.NETWORK, ref);
    Wiring.pif(state, network, host)
        .map(Row::ref)
        .ifPresent(other -> {
          throw ApiErrors.networkAlreadyConnected(host.text(), other.text());
        });
    checkUnused(state, ref, host);
  }

  /**
   * That no VM on the host uses the network.
   *
   * @throws io.keelson.api.ApiError VIF_IN_USE
   */
  static void checkUnused(Snapshot state, Ref<Network> ref, Ref<Host> host) {
    for (Ref<Vif> card : state.get(ApiModel.NETWORK, ref).vifs()) {
      Vif vif = state.get(ApiModel.VIF, card);
      boolean used = vif.currentlyAttached() || !vif.currentOperations().isEmpty();
      if (used && GuestPorts.isOn(state, vif, host)) {
        throw ApiErrors.vifInUse(ref.text(), card.text());
      }
    }
  }

  /**
   * Whether a VLAN may be put on the interface.
   *
   * @throws io.keelson.api.ApiError PIF_VLAN_EXISTS, CANNOT_ADD_VLAN_TO_BOND_SLAVE, PIF_IS_VLAN,
   *     IS_TUNNEL_ACCESS_PIF, PIF_UNMANAGED
   */
  static void checkTaggable(Snapshot state, Ref<Pif> ref, long tag) {
    Pif pif = state.get(ApiModel.PIF, ref);
    boolean exists =
        state
            .rows(ApiModel.PIF)
            .map(Row::record)
            .anyMatch(other ->
                other.vlan() == tag
                    && other.host().equals(pif.host())
                    && other.device().equals(pif.device()));
    if (exists) {
      throw ApiErrors.pifVlanExists(pif.device());
    }
    if (!pif.bondSlaveOf().isNull()) {
      throw ApiErrors.cannotAddVlanToBondSlave(ref.text());
    }
    if (!pif.vlanMasterOf().isNull()) {
      throw ApiErrors.pifIsVlan(ref.text());
    }
    if (!pif.tunnelAccessPifOf().isEmpty()) {
      throw ApiErrors.isTunnelAccessPif(ref.text());
    }
    checkManaged(ref, pif);
  }

  /**
   * Whether the interface may be unplugged.
   *
   * @throws io.keelson.api.ApiError PIF_UNMANAGED, PIF_IS_MANAGEMENT_INTERFACE,
   *     PIF_DOES_NOT_ALLOW_UNPLUG, CANNOT_PLUG_BOND_SLAVE, PIF_VLAN_STILL_EXISTS,
   *     PIF_TUNNEL_STILL_EXISTS, VIF_IN_USE
   */
  static void checkUnplug(Snapshot state, Ref<Pif> ref) {
    Pif pif = state.get(ApiModel.PIF, ref);
    if (pif.management()) {
      throw ApiErrors.pifIsManagementInterface(ref.text());
    }
    checkManaged(ref, pif);
    if (pif.disallowUnplug()) {
      throw ApiErrors.pifDoesNotAllowUnplug(ref.text());
    }
    if (!pif.bondSlaveOf().isNull()) {
      throw ApiErrors.cannotPlugBondSlave(ref.text());
    }
    boolean tagged =
        pif.vlanSlaveOf().stream()
            .map(vlan -> state.get(ApiModel.VLAN, vlan).untaggedPif())
            .anyMatch(other -> state.get(ApiModel.PIF, other).currentlyAttached());
    if (tagged) {
      throw ApiErrors.pifVlanStillExists(ref.text());
    }
    boolean tunnelled =
        pif.tunnelTransportPifOf().stream()
            .map(tunnel -> state.get(ApiModel.TUNNEL, tunnel).accessPif())
            .anyMatch(other -> state.get(ApiModel.PIF, other).currentlyAttached());
    if (tunnelled) {
      throw ApiErrors.pifTunnelStillExists(ref.text());
    }
    checkUnused(state, pif.network(), pif.host());
  }
}
