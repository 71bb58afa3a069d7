package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Sr;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.host.storage.Storages;
import io.keelson.store.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that real storage moves, with a VM that goes with all of them or with none. */
class MigrateSendTest {
  private static final Map<String, String> NONE = Map.of();

  @TempDir private Path folder;
  private VmLab lab;
  private Ref<Sr> elsewhere;
  private Map<String, String> destination;

  @BeforeEach
  void open() {
    Drivers simulated = Simulation.open(SimulationPlan.of(1)).drivers();
    lab =
        VmLab.open(
            folder,
            new Drivers(
                simulated.compute(),
                Storages.local(folder.resolve("data")),
                simulated.network(),
                simulated.machine()),
            1);
    lab.call(
        "SR.create",
        lab.host(),
        Map.of("location", folder.resolve("elsewhere").toString()),
        0L,
        "elsewhere",
        "",
        "file",
        "user",
        false,
        NONE);
    elsewhere =
        lab.state()
            .rows(ApiModel.SR)
            .filter(row -> row.record().nameLabel().equals("elsewhere"))
            .map(Row::ref)
            .findFirst()
            .orElseThrow();
    Ref<Session> session =
        lab.store()
            .transact(
                tx -> tx.create(ApiModel.SESSION, Session.builder().uuid(VmLab.uuid()).build()));
    destination = Map.of("host", lab.host().text(), "session_id", session.text());
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Vdi vdi(Ref<Vdi> ref) {
    return lab.state().get(ApiModel.VDI, ref);
  }

  @Test
  void aDiskThatCannotBeMovedTakesTheOthersBack() throws Exception {
    Ref<Vm> vm = lab.make();
    Ref<Vdi> good = lab.volume();
    Ref<Vdi> damaged = lab.volume();
    var drive = lab.disk(vm, good, 0, VbdMode.RW);
    lab.disk(vm, damaged, 1, VbdMode.RW);
    Map<String, String> disks =
        Map.of(good.text(), elsewhere.text(), damaged.text(), elsewhere.text());
    Vdi before = vdi(good);
    Path lost = lab.file(damaged).toRealPath();
    Path kept = Files.move(lost, folder.resolve("kept"));

    assertThat(lab.error("migrate_send", vm, destination, false, disks, NONE, NONE)).isNotEmpty();

    assertThat(vdi(good).uuid()).isEqualTo(before.uuid());
    // It went and came back: the record of the laboratory had no location.
    assertThat(vdi(good).location()).isEqualTo(before.uuid() + ".qcow2");
    assertThat(vdi(good).sr()).isEqualTo(lab.sr());
    assertThat(vdi(good).smConfig()).isEqualTo(before.smConfig());
    assertThat(vdi(good).currentOperations()).isEmpty();
    assertThat(lab.state().get(ApiModel.VBD, drive).vdi()).isEqualTo(good);
    assertThat(lab.file(good)).exists();
    assertThat(lab.state().get(ApiModel.SR, elsewhere).vdis()).isEmpty();
    assertThat(lab.vm(vm).currentOperations()).isEmpty();

    Files.move(kept, lost);
    lab.call("migrate_send", vm, destination, false, disks, NONE, NONE);
    assertThat(lab.state().get(ApiModel.SR, elsewhere).vdis()).hasSize(2);
    assertThat(lab.state().get(ApiModel.SR, lab.sr()).vdis()).isEmpty();
  }
}
