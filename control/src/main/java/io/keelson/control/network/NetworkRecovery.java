package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vif;
import io.keelson.control.Recovery;
import io.keelson.control.Resources;
import io.keelson.control.rules.HostId;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases networks and cards from operations that the last run of the server did not end, and
 * makes the hosts' bridges what the records say: the machine may have restarted, or an operation
 * may have stopped half-way.
 */
public record NetworkRecovery(Resources resources) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkRecovery.class);

  @Override
  public void recover() {
    release(resources.store());
    Snapshot state = resources.store().snapshot();
    state
        .rows(ApiModel.HOST)
        .forEach(host -> {
          UUID id = UUID.fromString(host.record().uuid());
          if (driver().abilities(id).bridges()) {
            removeStrays(state, host.ref(), id);
            boolean _ = attempt("the controller", () -> SteerSwitches.resume(state, driver(), id));
            Wiring.attached(state, host.ref()).forEach(row -> plug(row.ref(), id));
            guests(state, host.ref());
          }
        });
  }

  private io.keelson.host.Network driver() {
    return resources.drivers().network();
  }

  private static void release(Store store) {
    Snapshot state = store.snapshot();
    List<Ref<Vif>> cards =
        state
            .rows(ApiModel.VIF)
            .filter(row -> !row.record().currentOperations().isEmpty())
            .map(Row::ref)
            .toList();
    List<Ref<Network>> networks =
        state
            .rows(ApiModel.NETWORK)
            .filter(row -> !row.record().currentOperations().isEmpty())
            .map(Row::ref)
            .toList();
    if (!cards.isEmpty() || !networks.isEmpty()) {
      store.change(tx -> {
        cards.forEach(
            vif -> tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentOperations(Map.of()))));
        networks.forEach(n ->
            tx.update(
                ApiModel.NETWORK, n, v -> NetworkFields.CURRENT_OPERATIONS.with(v, Map.of())));
      });
    }
  }

  /** Bridges that no network has any more, and uplinks that no plugged interface has. */
  private void removeStrays(Snapshot state, Ref<Host> host, UUID id) {
    Set<String> known = Wiring.names(state).collect(Collectors.toUnmodifiableSet());
    Set<String> found = driver().bridges(id);
    for (String bridge : found) {
      attempt(
          "bridge " + bridge,
          () -> {
            if (!known.contains(bridge)) {
              driver().removeBridge(id, bridge);
            }
          });
    }
    state
        .rows(ApiModel.NETWORK)
        .filter(row -> found.contains(row.record().bridge()))
        .filter(row -> unplugged(state, row.record(), host))
        .forEach(row ->
            attempt(
                "bridge " + row.record().bridge(),
                () -> driver().ensureBridge(id, Wiring.inner(row.record()))));
  }

  private static boolean unplugged(Snapshot state, Network network, Ref<Host> host) {
    return Wiring.pif(state, network, host).map(Row::record).stream()
        .noneMatch(pif -> pif.currentlyAttached() && pif.managed());
  }

  private void plug(Ref<Pif> ref, UUID host) {
    Snapshot state = resources.store().snapshot();
    Pif pif = state.get(ApiModel.PIF, ref);
    boolean up =
        attempt(
            "interface " + pif.device(),
            () -> driver().ensureBridge(host, Wiring.plugged(state, pif)));
    if (up) {
      PifProperties.keepSeparate(driver(), host, PifProperties.separate(state, List.of(ref)));
      var found = driver().addresses(host, state.get(ApiModel.NETWORK, pif.network()).bridge());
      resources.store().change(tx -> PlugPif.up(tx, ref, true, found));
    } else if (!pif.management()) {
      resources
          .store()
          .change(tx -> {
            tx.update(ApiModel.PIF, ref, p -> p.with(b -> b.currentlyAttached(false)));
            TunnelRecords.active(tx, tx.get(ApiModel.PIF, ref), false);
          });
    }
  }

  /** A switch that was restarted has forgotten what the cards of running guests may send. */
  private void guests(Snapshot state, Ref<Host> host) {
    state
        .rows(ApiModel.NETWORK)
        .forEach(network -> {
          List<GuestPorts.Plugged> watched =
              GuestPorts.plugged(state, network.ref(), host).stream()
                  .filter(card -> card.port().guard().watches())
                  .toList();
          attempt(
              "network " + network.record().bridge(),
              () -> {
                if (!watched.isEmpty()) {
                  UUID id = HostId.of(state, host);
                  driver().ensureBridge(id, Wiring.bridge(state, network.ref(), host));
                }
                watched.forEach(card -> card.attach(driver()));
                InternalNetwork.refresh(state, driver(), network.ref(), host);
              });
        });
  }

  private static boolean attempt(String what, Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException failure) {
      LOG.warn("{} cannot be what it was", what, failure);
      return false;
    }
  }
}
