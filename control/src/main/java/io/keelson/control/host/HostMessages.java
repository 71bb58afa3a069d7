package io.keelson.control.host;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostCertificate;
import io.keelson.api.messages.HostDiagnostics;
import io.keelson.api.messages.HostEvacuation;
import io.keelson.api.messages.HostLicensing;
import io.keelson.api.messages.HostManagementNetwork;
import io.keelson.api.messages.HostMembership;
import io.keelson.api.messages.HostMigration;
import io.keelson.api.messages.HostPower;
import io.keelson.api.messages.HostSecurity;
import io.keelson.api.messages.HostState;
import io.keelson.api.messages.PoolTls;
import io.keelson.control.Resources;
import io.keelson.control.host.management.HostManagementNetworkHandler;
import io.keelson.control.host.management.Management;
import io.keelson.control.session.Sessions;
import io.keelson.control.vm.power.VmPower;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.store.Store;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The messages about hosts. */
public final class HostMessages {
  private HostMessages() {}

  /**
   * @param power of the VMs that are on hosts
   * @param agent this server
   * @param management where it listens
   * @param report what hosts tell of themselves
   * @param methods names of all messages; asked for once they are known
   */
  public static List<BoundMessage> all(
      Resources resources,
      Sessions sessions,
      VmPower power,
      Agent agent,
      Management management,
      StatusReport report,
      Supplier<List<String>> methods) {
    Store store = resources.store();
    ReportUpload upload = new ReportUpload(report, resources.drivers().trust());
    TlsSettingsHandler tls = new TlsSettingsHandler(store, agent);
    return Stream.of(
            HostManagementNetwork.bind(
                new HostManagementNetworkHandler(resources, agent, management)),
            HostSecurity.bind(tls),
            PoolTls.bind(tls),
            HostState.bind(new HostStateHandler(store, resources.clock(), report, methods)),
            HostEvacuation.bind(
                new HostEvacuationHandler(
                    resources, power.migration(), new WorkloadBalancing(resources))),
            HostPower.bind(new HostPowerHandler(resources, agent)),
            HostMembership.bind(new HostMembershipHandler(store, power.states())),
            HostLicensing.bind(new HostLicensingHandler(store, resources.drivers())),
            HostCertificate.bind(new HostCertificateHandler(store, agent)),
            HostDiagnostics.bind(
                new HostDiagnosticsHandler(
                    store, resources.drivers().machine().diagnostics(), agent, upload)),
            HostMigration.bind(new HostMigrationHandler(store, sessions)))
        .flatMap(List::stream)
        .toList();
  }
}
