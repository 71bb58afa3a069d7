package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Tunnel;
import io.keelson.api.model.TunnelFields;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.IpSettings;
import io.keelson.host.Network.Addresses;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Makes a tunnel's end over an interface that has an address, and brings it up. */
record CreateTunnel(io.keelson.host.Network driver, Ref<Pif> transport, Ref<Network> network)
    implements Steps<CreateTunnel.Plan, CreateTunnel.Made> {

  /** What is to be made. */
  record Plan(Pif access, HostChange change) {}

  /**
   * What has come of it.
   *
   * @param below the addresses of the bridge that the tunnel stands on
   */
  record Made(Ref<Tunnel> tunnel, Addresses below) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Pif pif = tx.get(ApiModel.PIF, transport);
    UUID host = PlugPif.host(tx, pif);
    if (!driver.abilities(host).tunnels()) {
      throw ApiErrors.openvswitchNotActive();
    }
    if (!pif.tunnelAccessPifOf().isEmpty()) {
      throw ApiErrors.isTunnelAccessPif(transport.text());
    }
    if (!pif.bondSlaveOf().isNull()) {
      throw ApiErrors.pifAlreadyBonded(transport.text());
    }
    PifRules.checkManaged(transport, pif);
    if (pif.ipConfigurationMode() == IpConfigurationMode.NONE) {
      throw ApiErrors.transportPifNotConfigured(transport.text());
    }
    PifRules.checkFree(tx, network, pif.host());
    PifRules.claim(tx, claims, Set.of(network, pif.network()));
    Pif access = access(tx, pif);
    var above =
        Wiring.with(
            tx.get(ApiModel.NETWORK, network),
            TunnelEnds.of(tx, TunnelFields.API_CLASS.blank(), access),
            IpSettings.KEPT);
    return new Plan(
        access,
        HostChange.of(
            host,
            List.of(Wiring.bridge(tx, pif.network(), pif.host())),
            List.of(Wiring.plugged(tx, pif), above),
            GuestPorts.plugged(tx, pif.network(), pif.host())));
  }

  private Pif access(Snapshot state, Pif pif) {
    long taken = state.table(ApiModel.TUNNEL).size();
    String device =
        IntStream.iterate(0, n -> n <= taken, n -> n + 1)
            .mapToObj(n -> "tunnel" + n)
            .filter(name ->
                state.rows(ApiModel.PIF).noneMatch(row -> row.record().device().equals(name)))
            .findFirst()
            .orElse("tunnel" + taken);
    return PifRecords.blank()
        .with(b ->
            b.host(pif.host())
                .network(network)
                .device(device)
                .mac(pif.mac())
                .mtu(state.get(ApiModel.NETWORK, network).mtu())
                .managed(true)
                .currentlyAttached(true));
  }

  @Override
  public Made act(Plan plan, Progress progress) {
    plan.change().run(driver);
    String below = plan.change().after().getFirst().name();
    return new Made(Ref.fresh(), driver.addresses(plan.change().host(), below));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Made made) {
    PlugPif.up(tx, transport, true, made.below());
    Ref<Pif> access = PifRecords.introduce(tx, plan.access());
    tx.create(
        ApiModel.TUNNEL,
        made.tunnel(),
        TunnelFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString()).transportPif(transport).accessPif(access)));
    TunnelRecords.active(tx, tx.get(ApiModel.PIF, access), true);
  }
}
