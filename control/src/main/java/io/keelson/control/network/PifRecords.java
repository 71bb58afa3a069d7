package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PifFields;
import io.keelson.api.model.PifMetrics;
import io.keelson.api.model.PifMetricsFields;
import io.keelson.host.Network.Interface;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The records of hosts' real interfaces. */
public final class PifRecords {
  /** Notes in other_config that the interface was given to the pool. */
  private static final String GIVEN = "uplink";

  /** PIF.VLAN of an interface that is no VLAN. */
  private static final long NO_VLAN = -1;

  private static final int LONGEST_BRIDGE = 15;

  private PifRecords() {}

  /** The record of a host's real interface. */
  public static Optional<Ref<Pif>> find(Snapshot state, Ref<Host> host, String device) {
    return state
        .rows(ApiModel.PIF)
        .filter(row -> row.record().host().equals(host))
        .filter(row -> row.record().physical() && row.record().device().equals(device))
        .map(Row::ref)
        .findFirst();
  }

  /** Adds the network that all interfaces of this name in the pool are on. */
  private static Ref<Network> makeNetwork(Transaction tx, Interface found) {
    return tx.create(
        ApiModel.NETWORK,
        NetworkFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .nameLabel("Pool-wide network associated with " + found.device())
                    .bridge(bridge(tx, found.device()))
                    .mtu(found.mtu())));
  }

  /** The network of all interfaces in the pool that have this one's name; made if there is none. */
  public static Ref<Network> networkOf(Transaction tx, Interface found) {
    return tx.rows(ApiModel.PIF)
        .map(Row::record)
        .filter(pif -> pif.physical() && pif.device().equals(found.device()))
        .map(Pif::network)
        .findFirst()
        .orElseGet(() -> makeNetwork(tx, found));
  }

  /**
   * What a new record says besides facts.
   *
   * @param management whether the host is managed over the interface
   * @param managed whether the pool configures it
   * @param attached whether it is up for VMs
   */
  public record Standing(boolean management, boolean managed, boolean attached) {}

  /** Makes the interface's record, or brings its facts up to date. */
  public static void refresh(Transaction tx, Ref<Host> host, Interface found, Standing standing) {
    Optional<Ref<Pif>> known = find(tx, host, found.device());
    if (known.isEmpty()) {
      make(tx, host, networkOf(tx, found), found, standing);
      return;
    }
    tx.update(ApiModel.PIF, known.get(), pif -> withFacts(pif, found));
    describe(tx, known.get(), found);
  }

  /** Notes that somebody has put an interface at the pool's disposal. */
  static Pif given(Pif pif) {
    Map<String, String> config = new HashMap<>(pif.otherConfig());
    config.put(GIVEN, "true");
    return pif.with(b -> b.otherConfig(Map.copyOf(config)));
  }

  /**
   * Decides at a start whose an interface is. That its record says it is plugged is not enough to
   * take it from the machine: the record may be of a server that had no bridges.
   *
   * @param standing of an interface that nobody has given
   * @param named whether the operator gives it now
   */
  public static void own(
      Transaction tx, Ref<Host> host, Interface found, Standing standing, boolean named) {
    Ref<Pif> ref = find(tx, host, found.device()).orElseThrow();
    Pif pif = tx.get(ApiModel.PIF, ref);
    boolean given = pif.managed() && pif.otherConfig().containsKey(GIVEN);
    if (given || !pif.bondSlaveOf().isNull()) {
      return;
    }
    boolean managed = named || (pif.managed() && standing.managed());
    Pif standard = pif.with(b -> b.managed(managed).currentlyAttached(standing.attached()));
    tx.update(ApiModel.PIF, ref, _ -> named ? given(standard) : standard);
  }

  /** Adds an interface's record. */
  static Ref<Pif> make(
      Transaction tx, Ref<Host> host, Ref<Network> network, Interface found, Standing standing) {
    Pif blank =
        blank()
            .with(b ->
                b.host(host)
                    .network(network)
                    .device(found.device())
                    .physical(true)
                    .managed(standing.managed())
                    .management(standing.management())
                    .currentlyAttached(standing.attached()));
    Ref<Pif> pif = introduce(tx, withFacts(blank, found));
    describe(tx, pif, found);
    return pif;
  }

  /** Shows what card the interface is; one whose product has no name, by its driver's. */
  private static void describe(Transaction tx, Ref<Pif> pif, Interface found) {
    String product = found.card().deviceName();
    tx.update(
        ApiModel.PIF_METRICS,
        tx.get(ApiModel.PIF, pif).metrics(),
        m ->
            m.with(b ->
                b.vendorId(found.card().vendorId())
                    .vendorName(found.card().vendorName())
                    .deviceId(found.card().deviceId())
                    .deviceName(product.isEmpty() ? found.driver() : product)
                    .pciBusPath(found.pciBusPath())
                    .speed(found.speedMbps())
                    .duplex(found.duplex())));
  }

  /** A record of an interface that is no VLAN, with nothing known of it. */
  static Pif blank() {
    return PifFields.API_CLASS.blank().with(b -> b.vlan(NO_VLAN));
  }

  /** Adds a record as it is, under a new uuid and with metrics. */
  static Ref<Pif> introduce(Transaction tx, Pif pif) {
    Ref<Pif> ref = Ref.fresh();
    introduce(tx, ref, pif);
    return ref;
  }

  static void introduce(Transaction tx, Ref<Pif> ref, Pif pif) {
    Ref<PifMetrics> metrics =
        tx.create(
            ApiModel.PIF_METRICS,
            PifMetricsFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    tx.create(
        ApiModel.PIF, ref, pif.with(b -> b.uuid(UUID.randomUUID().toString()).metrics(metrics)));
  }

  /** Removes a record, and its metrics where no other has them. */
  static void delete(Transaction tx, Ref<Pif> ref) {
    Ref<PifMetrics> metrics = tx.get(ApiModel.PIF, ref).metrics();
    tx.delete(ApiModel.PIF, ref);
    boolean unused =
        tx.rows(ApiModel.PIF).map(Row::record).noneMatch(p -> p.metrics().equals(metrics));
    if (unused && tx.find(ApiModel.PIF_METRICS, metrics).isPresent()) {
      tx.delete(ApiModel.PIF_METRICS, metrics);
    }
  }

  /**
   * The record with what the machine says of the interface. How one that has been configured gets
   * its address is the pool's to say, and one in a bond has none.
   */
  public static Pif withFacts(Pif pif, Interface found) {
    Pif known = pif.with(b -> b.mac(found.mac()).mtu(found.mtu()));
    if (PifAddresses.configured(pif) || !pif.bondSlaveOf().isNull()) {
      return known;
    }
    return known.with(b ->
        b.ip(found.ip())
            .netmask(found.netmask())
            .gateway(found.gateway())
            .ipv6(found.ipv6())
            .ipConfigurationMode(
                found.ip().isEmpty() ? IpConfigurationMode.NONE : IpConfigurationMode.STATIC));
  }

  /** xenbrN for ethN; for any other name a bridge name made from it that no network has. */
  private static String bridge(Transaction tx, String device) {
    String wanted = device.matches("eth[0-9]{1,3}") ? "xenbr" + device.substring(3) : "br" + device;
    String cut = wanted.substring(0, Math.min(LONGEST_BRIDGE, wanted.length()));
    boolean taken = tx.rows(ApiModel.NETWORK).anyMatch(n -> n.record().bridge().equals(cut));
    return taken ? BridgeNames.free(tx) : cut;
  }
}
