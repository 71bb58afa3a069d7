package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostMigration;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.session.Sessions;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/** host.migrate_receive. */
record HostMigrationHandler(Store store, Sessions sessions) implements HostMigration {
  private static final String ORIGINATOR = "host.migrate_receive";

  /**
   * The destination holds a session of its own, with the caller's rights, so that it counts until
   * that has been idle for too long, whether or not the caller logs out meanwhile.
   */
  @Override
  public Map<String, String> migrateReceive(
      Call call, Ref<Host> host, Ref<Network> network, Map<String, String> options) {
    Snapshot state = store.snapshot();
    Host record = state.get(ApiModel.HOST, host);
    state.get(ApiModel.NETWORK, network);
    if (!LiveHosts.isLive(state, record)) {
      throw ApiErrors.hostOffline(host.text());
    }
    String address = address(state, host, network);
    Map<String, String> destination = new LinkedHashMap<>();
    destination.put("host", host.text());
    destination.put("master", "https://" + address + "/");
    destination.put("session_id", sessions.openLike(call.session(), ORIGINATOR).text());
    return destination;
  }

  private static String address(Snapshot state, Ref<Host> host, Ref<Network> network) {
    Row<Pif> pif =
        state
            .rows(ApiModel.PIF)
            .filter(row -> row.record().host().equals(host))
            .filter(row -> row.record().network().equals(network))
            .filter(row -> row.record().currentlyAttached())
            .findFirst()
            .orElseThrow(() -> ApiErrors.hostCannotAttachNetwork(host.text(), network.text()));
    String ip = pif.record().ip();
    String address =
        ip.isEmpty() && pif.record().management() ? state.get(ApiModel.HOST, host).address() : ip;
    if (address.isEmpty()) {
      throw ApiErrors.pifHasNoNetworkConfiguration(pif.ref().text());
    }
    return address;
  }
}
