package io.keelson.host.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.process.Program.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts with an Open vSwitch of their own, in namespaces, and what guests see of each other. */
final class OvsNetworkTest {

  @BeforeEach
  void needs() {
    assumeTrue(InNamespace.possible(), "no network namespaces with bridges here");
    assumeTrue(InNamespace.have("ovs-vswitchd", "busybox"), "no Open vSwitch or no ping here");
  }

  @Test
  void aCardCarriesNetworksAndBecomesPartOfABond() {
    good(InNamespace.run(OvsNetworks.class, InNamespace.openVswitch("/run/a")));
  }

  @Test
  void tunnelsJoinTwoHosts() {
    good(InNamespace.run(OvsTunnels.class, ""));
  }

  @Test
  void aControllerSteersAndGuardsStay() {
    good(InNamespace.run(OvsSteering.class, InNamespace.openVswitch("/run/a")));
  }

  @Test
  void aLockedCardCannotPretend() {
    Outcome outcome = InNamespace.run(Guards.class, InNamespace.openVswitch("/run/a"));
    good(outcome);
    assertThat(outcome.output()).contains("backend=openvswitch");
  }

  @Test
  void norCanOneOnAPlainBridge() {
    assumeTrue(InNamespace.have("nft"), "no nftables here");
    Outcome outcome = InNamespace.run(Guards.class, "export OVS_RUNDIR=/run/none; ");
    good(outcome);
    assertThat(outcome.output()).contains("backend=bridge");
  }

  @Test
  void aGuestHasItsLease() {
    assumeTrue(InNamespace.have("dnsmasq"), "no dnsmasq here");
    good(InNamespace.run(Leases.class, InNamespace.openVswitch("/run/a")));
  }

  private static void good(Outcome outcome) {
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exit()).isZero();
  }
}
