package io.keelson.control.host.management;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostManagementNetwork;
import io.keelson.api.messages.PifPlugging;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.control.Resources;
import io.keelson.control.host.Agent;
import io.keelson.control.network.NetworkMessages;
import io.keelson.control.network.PifRecords;
import io.keelson.control.operation.PartCall;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Network;
import io.keelson.host.Network.Interface;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Optional;
import java.util.UUID;

/** By which interface hosts are managed, and what they are called. */
public final class HostManagementNetworkHandler implements HostManagementNetwork {
  private final Resources resources;
  private final Agent agent;
  private final Management management;
  private final PifPlugging interfaces;

  public HostManagementNetworkHandler(Resources resources, Agent agent, Management management) {
    this.resources = resources;
    this.agent = agent;
    this.management = management;
    this.interfaces = NetworkMessages.interfaces(resources);
  }

  /**
   * The interface comes up if it is not.
   *
   * @throws io.keelson.api.ApiError HA_IS_ENABLED, CANNOT_PLUG_BOND_SLAVE,
   *     PIF_HAS_NO_NETWORK_CONFIGURATION, INTERFACE_HAS_NO_IP; PIF_CONFIGURATION_ERROR when the
   *     server cannot listen there
   */
  @Override
  public void managementReconfigure(Call call, Ref<Pif> pif) {
    Snapshot state = store().snapshot();
    MoveManagement.check(state, pif);
    if (!state.get(ApiModel.PIF, pif).currentlyAttached()) {
      interfaces.plug(new PartCall(call, PifPlugging.Specs.PLUG), pif);
    }
    move(call, pif);
  }

  private void move(Call call, Ref<Pif> pif) {
    management.choose(() -> resources.operations().run(call, new MoveManagement(agent, pif)));
  }

  /**
   * For a host that nobody reaches any more, from itself: the interface is taken as it is.
   *
   * @param name of the interface, or of its network's bridge
   * @throws io.keelson.api.ApiError POOL_NOT_IN_EMERGENCY_MODE while the host is managed at an
   *     address; INTERFACE_HAS_NO_IP; PIF_DEVICE_NOT_FOUND for an interface without a record
   */
  @Override
  public void localManagementReconfigure(Call call, String name) {
    Network driver = resources.drivers().network();
    Snapshot state = store().snapshot();
    Ref<Host> host = OnlyPool.row(state).record().master();
    UUID id = HostId.of(state, host);
    boolean managed =
        ManagementRecords.interfaceOf(state, host)
            .flatMap(row -> found(driver, id, row.record().device()))
            .filter(one -> !one.ip().isEmpty() || !one.ipv6().isEmpty())
            .isPresent();
    if (managed) {
      throw ApiErrors.poolNotInEmergencyMode();
    }
    Row<Pif> pif =
        ManagementRecords.interfaces(state, host)
            .filter(row -> isNamed(state, row.record(), name))
            .findFirst()
            .orElseThrow(ApiErrors::pifDeviceNotFound);
    Interface now =
        found(driver, id, pif.record().device())
            .filter(one -> !one.ip().isEmpty() || !one.ipv6().isEmpty())
            .orElseThrow(() -> ApiErrors.interfaceHasNoIp(name));
    store().change(tx -> tx.update(ApiModel.PIF, pif.ref(), p -> PifRecords.withFacts(p, now)));
    move(call, pif.ref());
  }

  private static boolean isNamed(Snapshot state, Pif pif, String name) {
    return pif.physical()
        && (pif.device().equals(name)
            || state.get(ApiModel.NETWORK, pif.network()).bridge().equals(name));
  }

  private static Optional<Interface> found(Network driver, UUID host, String device) {
    return driver.interfaces(host).stream().filter(one -> one.device().equals(device)).findFirst();
  }

  /** Whoever is connected through the network has this call's answer, and no other. */
  @Override
  public void managementDisable(Call call) {
    management.choose(() -> resources.operations().run(call, new EndManagement(agent)));
  }

  /**
   * @throws io.keelson.api.ApiError HOST_NAME_INVALID; OPERATION_NOT_ALLOWED where the machine's
   *     operator does not have it named from here
   */
  @Override
  public void setHostnameLive(Call call, Ref<Host> host, String hostname) {
    RenameHost steps = new RenameHost(resources.drivers().machine(), agent, host, hostname);
    resources.operations().run(call, steps);
  }

  private Store store() {
    return resources.store();
  }
}
