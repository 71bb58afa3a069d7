package io.keelson.host.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.PortSpec.Filter;
import io.keelson.host.PortSpec.Guard;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenFlowTest {
  private static final String MAC = "02:00:00:00:00:01";
  private final OpenFlow flows = new OpenFlow(0x2a, 3, MAC);

  @Test
  void whatIsNotAllowedIsDropped() {
    Guard guard = new Guard(new Filter.Locked(List.of("10.0.0.1"), List.of()), 0);
    List<String> lines = flows.bundle(guard);
    assertThat(lines.getFirst()).isEqualTo("delete cookie=0x2a/-1");
    assertThat(lines.getLast()).isEqualTo("add cookie=0x2a,priority=10000,in_port=3,actions=drop");
    assertThat(lines.subList(1, lines.size() - 1))
        .allMatch(line -> line.contains("dl_src=" + MAC) && line.contains("vlan_tci=0"));
    assertThat(flows.bundle(Guard.NONE)).hasSize(1);
  }

  @Test
  void aLockedCardWithoutAddressesSendsNothing() {
    Guard guard = new Guard(new Filter.Locked(List.of(), List.of()), 0);
    assertThat(flows.bundle(guard))
        .containsExactly(
            "delete cookie=0x2a/-1", "add cookie=0x2a,priority=10000,in_port=3,actions=drop");
  }

  @Test
  void aLimitGoesThroughTheMeter() {
    assertThat(flows.bundle(new Guard(new Filter.Open(), 100)))
        .contains("add cookie=0x2a,priority=10000,in_port=3,actions=meter:3,NORMAL");
    assertThat(flows.meter(100))
        .isEqualTo("meter=3,kbps,burst,band=type=drop,rate=800,burst_size=125");
  }

  @Test
  void membersOfABondAreRead() {
    BondReport report =
        BondReport.read(
            """
            ---- bond0 ----
            bond_mode: active-backup
            active member mac: 02:00:00:00:00:05(eth1)

            member eth0: disabled
              may_enable: false

            member eth1: enabled
              active member
              may_enable: true
            """);
    assertThat(report.members()).containsExactly("eth0", "eth1");
    assertThat(report.active()).isEqualTo("eth1");
    assertThat(report.state("eth1"::equals).up()).containsExactly("eth1");
  }

  @Test
  void addressesAndRoutesMoveTogether() {
    CardAddresses addresses =
        CardAddresses.parse(
            "2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever",
            """
            default via 10.0.0.254 proto dhcp src 10.0.0.1 metric 100 linkdown
            10.0.0.0/24 proto kernel scope link src 10.0.0.1
            """);
    assertThat(addresses.moving("eth0", "xenbr0"))
        .containsExactly(
            "link set dev xenbr0 up",
            "address replace 10.0.0.1/24 broadcast + dev xenbr0",
            "route replace default via 10.0.0.254 proto dhcp src 10.0.0.1 metric 100 dev xenbr0",
            "address delete 10.0.0.1/24 dev eth0");
  }
}
