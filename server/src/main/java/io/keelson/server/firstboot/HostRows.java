package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.HostMetrics;
import io.keelson.api.model.HostMetricsFields;
import io.keelson.control.gpu.BootStates;
import io.keelson.control.host.HostStates;
import io.keelson.control.host.Product;
import io.keelson.control.host.TlsSettingsHandler;
import io.keelson.control.host.management.ManagementRecords;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The hosts' records. */
final class HostRows {
  private static final List<String> CAPABILITIES =
      List.of("hvm-3.0-x86_32", "hvm-3.0-x86_32p", "hvm-3.0-x86_64");

  private HostRows() {}

  static Optional<Ref<Host>> byUuid(Snapshot state, UUID host) {
    return state.table(ApiModel.HOST).byUuid(host.toString());
  }

  /** Makes the host's record if it is not there, and writes the machine's facts into it. */
  static Ref<Host> refresh(Transaction tx, HostFacts facts, Clock clock) {
    Ref<Host> host = byUuid(tx, facts.host()).orElseGet(() -> make(tx, facts));
    if (HostStates.isAnother(tx.get(ApiModel.HOST, host), facts.machine())) {
      BootStates.booted(tx, host);
    }
    tx.update(ApiModel.HOST, host, record -> withFacts(record, facts, clock));
    HostCpuRows.refresh(tx, host, facts.machine().processors());
    ControlDomain.refresh(tx, host, facts);
    return host;
  }

  private static Ref<Host> make(Transaction tx, HostFacts facts) {
    Ref<HostMetrics> metrics =
        tx.create(
            ApiModel.HOST_METRICS,
            HostMetricsFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    String name = facts.machine().hostname();
    return tx.create(
        ApiModel.HOST,
        HostFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(facts.host().toString())
                    .nameLabel(name)
                    .nameDescription("Host " + name + " run by " + Product.BRAND)
                    .enabled(true)
                    .metrics(metrics)
                    .edition("free")
                    .licenseParams(License.PARAMS)
                    .licenseServer(License.SERVER)
                    .otherConfig(Map.of("iscsi_iqn", iqn(facts.host())))));
  }

  private static Host withFacts(Host record, HostFacts facts, Clock clock) {
    Host now = HostStates.in(record, facts.machine());
    Map<String, String> otherConfig = new HashMap<>(now.otherConfig());
    otherConfig.put("agent_start_time", seconds(clock.instant()));
    return now.with(b ->
        b.hostname(facts.machine().hostname())
            .address(ManagementRecords.decided(record) ? record.address() : facts.reached())
            .sslLegacy(TlsSettingsHandler.allows(record))
            .apiVersionMajor(Product.API_MAJOR)
            .apiVersionMinor(Product.API_MINOR)
            .apiVersionVendor(Product.API_VENDOR)
            .softwareVersion(
                Product.softwareVersion(
                    facts.machine(), facts.hypervisor(), facts.networkBackend()))
            .biosStrings(facts.machine().biosStrings())
            .cpuInfo(HostCpuRows.info(facts.machine()))
            .capabilities(CAPABILITIES)
            .otherConfig(Map.copyOf(otherConfig)));
  }

  private static String iqn(UUID host) {
    return "iqn.2026-01.io.keelson:" + host.toString().substring(0, 8);
  }

  /** As other_config spells times: seconds with a point at the end. */
  private static String seconds(Instant time) {
    return time.getEpochSecond() + ".";
  }
}
