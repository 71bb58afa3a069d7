package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.TunnelMessages;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Tunnel;
import io.keelson.control.Resources;
import io.keelson.host.DriverException;
import io.keelson.store.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tunnels between hosts. */
record TunnelHandler(Resources resources) implements TunnelMessages {
  private static final Logger LOG = LoggerFactory.getLogger(TunnelHandler.class);
  private static final Type<Ref<Tunnel>> TUNNEL = new Type.Reference<>("tunnel");

  @Override
  public Ref<Tunnel> create(Call call, Ref<Pif> transportPif, Ref<Network> network) {
    CreateTunnel steps = new CreateTunnel(driver(), transportPif, network);
    Ref<Tunnel> made = resources.operations().run(call, TUNNEL, steps, CreateTunnel.Made::tunnel);
    tellOthers(network);
    return made;
  }

  @Override
  public void destroy(Call call, Ref<Tunnel> self) {
    Snapshot state = resources.store().snapshot();
    Ref<Pif> access = state.get(ApiModel.TUNNEL, self).accessPif();
    Ref<Network> network = state.get(ApiModel.PIF, access).network();
    resources.operations().run(call, new RemovePif(driver(), access));
    tellOthers(network);
  }

  /** The other hosts' ends of the network lead to one host more, or less. */
  private void tellOthers(Ref<Network> network) {
    Snapshot state = resources.store().snapshot();
    for (Ref<Pif> ref : state.get(ApiModel.NETWORK, network).pifs()) {
      Pif pif = state.get(ApiModel.PIF, ref);
      if (pif.currentlyAttached() && !pif.tunnelAccessPifOf().isEmpty()) {
        try {
          driver().ensureBridge(PlugPif.host(state, pif), Wiring.plugged(state, pif));
        } catch (DriverException failure) {
          LOG.warn("the tunnel {} does not know all its ends", pif.device(), failure);
        }
      }
    }
  }

  private io.keelson.host.Network driver() {
    return resources.drivers().network();
  }
}
