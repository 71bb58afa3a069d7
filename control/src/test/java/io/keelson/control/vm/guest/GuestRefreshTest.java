package io.keelson.control.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.TristateType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmOperations;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
