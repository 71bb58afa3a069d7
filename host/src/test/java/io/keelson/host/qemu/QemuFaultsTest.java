package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.Boot;
import io.keelson.host.DiskSource;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a domain. */
class QemuFaultsTest {
  @TempDir Path data;
  private Guests guests;

  @BeforeEach
  void open() {
    guests = new Guests(data);
  }

  @AfterEach
  void close() {
    guests.close();
  }

  @Test
  void tellsOfAKilledProcess() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    Guests.signal(guests.process(spec.vm()), "KILL");
    guests.awaitTold(spec.vm(), Change.DIED);
    assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
    assertThat(guests.folder(spec.vm())).doesNotExist();
  }

  @Test
  void doesNotWaitForAStoppedProcess() throws Exception {
    QemuSettings usual = QemuSettings.usual();
    QemuSettings hasty =
        new QemuSettings(
            usual.program(),
            usual.tpm(),
            usual.start(),
            Duration.ofMillis(300),
            Duration.ofMillis(300));
    DomainSpec spec = guests.guest();
    try (QemuCompute compute = QemuCompute.open(data.resolve("hasty"), hasty)) {
      Guests.awaitReady(compute.start(HOST, spec, false));
      Guests.signal(guests.process(spec.vm()), "STOP");
      assertRaises(Reason.FAILED, () -> compute.pause(HOST, spec.vm()));
      assertRaises(Reason.FAILED, () -> compute.usage(HOST, spec.vm()));
      compute.destroy(HOST, spec.vm());
      assertThat(compute.find(HOST, spec.vm())).isEmpty();
    }
  }

  @Test
  void saysWhyQemuDidNotStart() {
    UUID vm = UUID.randomUUID();
    DiskSource missing = new DiskSource("/nonexistent/disk.qcow2", DiskSource.Format.QCOW2);
    DomainSpec spec = Guests.spec(vm, List.of(Guests.disk(0, missing)), List.of());
    assertThatThrownBy(() -> guests.compute().start(HOST, spec, false))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("/nonexistent/disk.qcow2");
    assertThat(guests.folder(vm)).doesNotExist();
    guests.assertNothingTold();
  }

  @Test
  void aDiskInUseIsNotOpenedTwice() {
    DomainSpec first = guests.guest();
    guests.running(first);
    DomainSpec second = Guests.spec(UUID.randomUUID(), first.disks(), List.of());
    assertThatThrownBy(() -> guests.compute().start(HOST, second, false))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("lock");
  }

  @Test
  void refusesAMachineOutOfRange() {
    DomainSpec spec = guests.guest();
    DomainSpec none =
        new DomainSpec(spec.vm(), "n", 0, 0, 0, 0, spec.boot(), List.of(), List.of(), Map.of());
    assertRaises(Reason.INVALID, () -> guests.compute().start(HOST, none, false));
  }

  @Test
  void aKernelThatIsNotThereIsAnError() {
    DomainSpec spec = guests.guest();
    DomainSpec kernel =
        new DomainSpec(
            spec.vm(),
            "kernel",
            spec.memoryMaxBytes(),
            spec.memoryTargetBytes(),
            1,
            1,
            new Boot.Kernel(Path.of("/nonexistent/vmlinuz"), Optional.empty(), "quiet"),
            List.of(),
            List.of(),
            Map.of());
    assertThatThrownBy(() -> guests.compute().start(HOST, kernel, false))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("/nonexistent/vmlinuz");
  }

  @Test
  void aLongDataFolderDoesNotBreakTheSockets() throws Exception {
    Path deep = data.resolve("a-rather-long-name-of-a-folder".repeat(4)).resolve("b".repeat(60));
    try (Guests far = new Guests(Files.createDirectories(deep))) {
      DomainSpec spec = far.guest();
      Domain domain = far.running(spec);
      assertThat(Guests.say(domain, 'c')).isEqualTo('A');
      assertThat(far.takeOver(true)).hasSize(1);
      assertThat(Guests.say(domain, 'c')).isEqualTo('B');
    }
  }

  @Test
  void theTrialGuestTellsWhatRunsGuests() throws Exception {
    Path disk = data.resolve("trial.img");
    BootSector.writeDisk(disk);
    Path program = QemuSettings.usual().program();
    Guests.until(() -> QemuFacts.runs(program, disk, Accelerator.TCG));
    if (!Files.exists(Path.of("/dev/kvm"))) {
      assertThat(QemuFacts.runs(program, disk, Accelerator.KVM)).isFalse();
      assertThat(guests.compute().hypervisor(HOST).accelerated()).isFalse();
    }
  }

  @Test
  void cutsASerialLogThatGrowsTooLong() throws Exception {
    Path log = data.resolve("serial.log");
    Files.write(log, new byte[(int) SerialLogs.LIMIT + 1]);
    SerialLogs.trim(log);
    assertThat(Files.size(log)).isZero();
    assertThat(data.resolve("serial.log.1")).hasSize(SerialLogs.LIMIT + 1);
  }
}
