package io.keelson.control.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.TristateType;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifIpv4ConfigurationMode;
import io.keelson.api.model.VifLockingMode;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmOperations;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestRefreshTest {
  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;
  private GuestRefresh refresh;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(1));
    lab = VmLab.open(folder, simulation.drivers(), 1);
    refresh = new GuestRefresh(lab.resources(), Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    refresh.close();
    lab.close();
  }

  private Optional<VmGuestMetrics> metrics(Ref<Vm> vm) {
    return lab.state().find(ApiModel.VM_GUEST_METRICS, lab.vm(vm).guestMetrics());
  }

  @Test
  void whatAnAgentSaysIsShownUntilItsVmHalts() {
    Ref<Vm> vm = lab.make();
    lab.card(vm, 3);
    lab.call("start", vm, false, false);
    assertThat(lab.error("snapshot_with_quiesce", vm, "none"))
        .startsWith("VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED", vm.text());
    await()
        .until(() -> {
          refresh.look();
          return metrics(vm).isPresent();
        });

    VmGuestMetrics told = metrics(vm).orElseThrow();
    assertThat(told.live()).isTrue();
    assertThat(told.osVersion())
        .containsEntry("name", "Simulated Linux")
        .containsEntry("distro", "linux")
        .containsEntry("uname", "1.0.0-sim")
        .containsEntry("major", "1")
        .containsEntry("minor", "0");
    assertThat(told.pvDriversVersion())
        .containsEntry("major", "1")
        .containsEntry("micro", "0")
        .containsKeys("minor", "build");
    assertThat(told.pvDriversDetected()).isTrue();
    assertThat(told.pvDriversUpToDate()).isTrue();
    assertThat(told.canUseHotplugVbd()).isEqualTo(TristateType.YES);
    assertThat(told.networks()).containsOnlyKeys("3/ip", "3/ipv4/0", "3/ipv6/0");
    assertThat(told.other()).containsEntry("hostname", "vm").containsEntry("feature-quiesce", "1");
    assertThat(told.lastUpdated()).isAfter(Instant.EPOCH);
    assertThat(lab.vm(vm).allowedOperations()).contains(VmOperations.SNAPSHOT_WITH_QUIESCE);

    lab.call("hard_shutdown", vm);
    assertThat(lab.vm(vm).guestMetrics().isNull()).isTrue();
    assertThat(lab.state().rows(ApiModel.VM_GUEST_METRICS)).isEmpty();
  }

  @Test
  void anAgentIsToldWhatThePoolWantsItToKnow() {
    configure(Map.of("auto_update_enabled", "true"));
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    assertThat(settings(vm)).containsExactlyEntriesOf(Map.of("auto_update_enabled", "true"));
    await()
        .until(() -> {
          refresh.look();
          return metrics(vm).isPresent();
        });
    configure(Map.of("auto_update_enabled", "false"));
    awaitSettings(vm, Map.of("auto_update_enabled", "false"));
    // It starts anew with what its machine was built with.
    lab.call("hard_reboot", vm);
    awaitSettings(vm, Map.of("auto_update_enabled", "false"));
    configure(Map.of());
    awaitSettings(vm, Map.of());
  }

  private void configure(Map<String, String> settings) {
    lab.store()
        .change(tx -> {
          Ref<Pool> pool = tx.rows(ApiModel.POOL).map(Row::ref).findFirst().orElseThrow();
          tx.update(ApiModel.POOL, pool, p -> p.with(b -> b.guestAgentConfig(settings)));
        });
  }

  private Map<String, String> settings(Ref<Vm> vm) {
    return simulation.agentSettings(lab.hostId(lab.host()), lab.id(vm));
  }

  private void awaitSettings(Ref<Vm> vm, Map<String, String> wanted) {
    await()
        .until(() -> {
          refresh.look();
          return settings(vm).equals(wanted);
        });
  }

  private void awaitAddress(Ref<Vm> vm, String address) {
    await()
        .until(() -> {
          refresh.look();
          return metrics(vm).filter(m -> address.equals(m.networks().get("3/ip"))).isPresent();
        });
  }

  @Test
  void aCardGetsItsAddressWhenTheAgentComesAndAtOnceAfterwards() {
    Ref<Vm> vm = lab.make();
    Ref<Vif> card = lab.card(vm, 3);
    lab.call("VIF.configure_ipv4", card, "Static", "192.0.2.9/24", "192.0.2.1");
    lab.call("start", vm, false, false);
    assertThat(lab.error("VIF.configure_ipv4", card, "Static", "192.0.2.8/24", ""))
        .containsExactly("VM_LACKS_FEATURE_STATIC_IP_SETTING", vm.text());
    awaitAddress(vm, "192.0.2.9");
    lab.call("VIF.configure_ipv4", card, "Static", "192.0.2.10/24", "192.0.2.1");
    lab.call("VIF.configure_ipv6", card, "Static", "2001:db8::7/64", "");
    assertThat(lab.compute().askGuest(lab.hostId(lab.host()), lab.id(vm)).cards())
        .singleElement()
        .satisfies(told -> {
          assertThat(told.ipv4()).containsExactly("192.0.2.10");
          assertThat(told.ipv6()).containsExactly("2001:db8::7");
        });
    assertThat(lab.state().get(ApiModel.VIF, card).ipv4Gateway()).isEqualTo("192.0.2.1");

    lab.call("pause", vm);
    assertThat(lab.error("VIF.configure_ipv4", card, "None", "", ""))
        .containsExactly("VM_BAD_POWER_STATE", vm.text(), "halted, running", "paused");
    lab.call("unpause", vm);
    lab.call("VIF.configure_ipv4", card, "None", "", "");
    assertThat(lab.compute().askGuest(lab.hostId(lab.host()), lab.id(vm)).cards().getFirst().ipv4())
        .doesNotContain("192.0.2.10");
    Vif left = lab.state().get(ApiModel.VIF, card);
    assertThat(left.ipv4ConfigurationMode()).isEqualTo(VifIpv4ConfigurationMode.NONE);
    assertThat(left.ipv4Addresses()).isEmpty();
    assertThat(left.ipv6Addresses()).containsExactly("2001:db8::7/64");
    assertThat(left.currentOperations()).isEmpty();
  }

  @Test
  void aLockedCardMayOnlyHaveAddressesThatItMayUse() {
    Ref<Vif> card = lab.card(lab.make(), 3);
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.VIF,
                card,
                v ->
                    v.with(b ->
                        b.lockingMode(VifLockingMode.LOCKED).ipv4Allowed(List.of("192.0.2.9")))));
    assertThat(lab.error("VIF.configure_ipv4", card, "Static", "192.0.2.8/24", ""))
        .containsExactly("ADDRESS_VIOLATES_LOCKING_CONSTRAINT", "192.0.2.8/24");
    lab.call("VIF.configure_ipv4", card, "Static", "192.0.2.9/24", "");
  }

  @Test
  void anAgentThatGoesAwayLeavesWhatItSaid() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    await()
        .until(() -> {
          refresh.look();
          return metrics(vm).isPresent();
        });
    simulation.removeAgent(lab.hostId(lab.host()), lab.id(vm));
    refresh.look();
    refresh.look();
    assertThat(metrics(vm).orElseThrow().live()).isFalse();
    assertThat(metrics(vm).orElseThrow().osVersion()).containsKey("name");
    assertThat(lab.vm(vm).allowedOperations()).doesNotContain(VmOperations.SNAPSHOT_WITH_QUIESCE);
  }
}
