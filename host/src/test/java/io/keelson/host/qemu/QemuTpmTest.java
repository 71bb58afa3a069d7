package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import io.keelson.host.Tpms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines with TPMs: the process that plays one, and what it leaves. */
class QemuTpmTest {
  @TempDir Path data;
  private final UUID tpm = UUID.randomUUID();
  private Guests guests;

  @BeforeEach
  void open() {
    guests = new Guests(data);
  }

  @AfterEach
  void close() {
    guests.close();
    assertThat(players()).isEmpty();
  }

  private DomainSpec machine() {
    return guests.guest().with(changes -> changes.tpm(Optional.of(tpm)));
  }

  private Tpms tpms() {
    return guests.compute().tpms(HOST);
  }

  /** The processes that play the TPMs of this test's machines. */
  private List<ProcessHandle> players() {
    return ProcessHandle.allProcesses()
        .filter(process -> is(process.pid(), data.resolve("run/domains")))
        .toList();
  }

  private static boolean is(long pid, Path domains) {
    Path process = Path.of("/proc/" + pid);
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).startsWith(domains.toRealPath())
          && Files.readString(process.resolve("cmdline")).contains("swtpm\0socket\0");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theTpmEndsWithItsMachineAndRemembers() {
    DomainSpec spec = machine();
    assertThat(tpms().all()).isEmpty();
    guests.running(spec);
    assertThat(players()).hasSize(1);
    assertThat(tpms().all()).containsExactly(tpm);
    guests.compute().destroy(HOST, spec.vm());
    assertThat(players()).isEmpty();
    byte[] remembered = tpms().read(tpm).orElseThrow();
    assertThat(remembered).hasSizeGreaterThan(1000);
    guests.running(spec);
    guests.compute().reset(HOST, spec.vm());
    assertThat(players()).hasSize(1);
    guests.compute().destroy(HOST, spec.vm());
    tpms().remove(tpm);
    assertThat(tpms().all()).isEmpty();
    assertThat(tpms().read(tpm)).isEmpty();
  }

  @Test
  void theTpmOutlivesTheServerAndNotItsMachine() throws Exception {
    DomainSpec spec = machine();
    guests.running(spec);
    long player = players().getFirst().pid();
    assertThat(guests.takeOver(true)).hasSize(1);
    assertThat(players()).extracting(ProcessHandle::pid).containsExactly(player);
    Guests.signal(guests.process(spec.vm()), "KILL");
    guests.awaitTold(spec.vm(), Change.DIED);
    assertThat(players()).isEmpty();
    assertThat(guests.folder(spec.vm())).doesNotExist();
  }

  /** QEMU dies while nobody looks, and what plays the TPM does not notice. */
  @Test
  void nothingIsLeftWhereNobodyWasThere() throws Exception {
    DomainSpec spec = machine();
    guests.running(spec);
    guests.compute().close();
    ProcessHandle player = players().getFirst();
    Guests.signal(player, "STOP");
    ProcessHandle machine = guests.process(spec.vm());
    Guests.signal(machine, "KILL");
    Guests.until(() -> guests.processes(spec.vm()).isEmpty() || !machine.isAlive());
    assertThat(guests.takeOver(false)).isEmpty();
    guests.awaitTold(spec.vm(), Change.DIED);
    Guests.until(() -> players().isEmpty());
    assertThat(guests.folder(spec.vm())).doesNotExist();
  }

  @Test
  void theTpmGoesAlongWithTheMemory() throws Exception {
    DomainSpec spec = machine();
    guests.running(spec);
    Path image = Files.createFile(data.resolve("memory"));
    guests.compute().suspend(HOST, spec.vm(), image, Progress.NONE);
    assertThat(players()).isEmpty();
    DomainSpec without = spec.with(changes -> changes.tpm(Optional.empty()));
    assertRaises(
        Reason.INVALID, () -> guests.compute().resume(HOST, without, image, false, Progress.NONE));
    // The image brings back what the TPM has forgotten meanwhile.
    tpms().remove(tpm);
    Domain resumed = guests.compute().resume(HOST, spec, image, false, Progress.NONE);
    assertThat(Guests.say(resumed, 'c')).isEqualTo('A');
    assertThat(tpms().read(tpm)).isPresent();

    Domain moved =
        guests.compute().migrate(HOST, spec.vm(), HOST, List.of(), Handover.NONE, Progress.NONE);
    assertThat(Guests.say(moved, 'c')).isEqualTo('B');
    assertThat(players()).hasSize(1);
    assertThat(guests.folder(spec.vm()).resolve("tpm").toRealPath())
        .isEqualTo(data.toRealPath().resolve("tpm").resolve(tpm.toString()));
  }

  @Test
  void aMoveThatFailsLeavesTheTpmThatWasThere() {
    DomainSpec spec = machine();
    Domain domain = guests.running(spec);
    long player = players().getFirst().pid();
    Handover refuses =
        new Handover() {
          @Override
          public void commit() {
            throw new IllegalStateException("refused by the test");
          }

          @Override
          public void rollback() {}
        };
    org.assertj.core.api.Assertions.assertThatThrownBy(() ->
            guests.compute().migrate(HOST, spec.vm(), HOST, List.of(), refuses, Progress.NONE))
        .hasMessage("refused by the test");
    assertThat(players()).extracting(ProcessHandle::pid).containsExactly(player);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
  }

  @Test
  void whatATpmRemembersCanBeCopied() {
    DomainSpec spec = machine();
    guests.running(spec);
    UUID copy = UUID.randomUUID();
    byte[] state = tpms().read(tpm).orElseThrow();
    tpms().write(copy, state);
    assertThat(tpms().read(copy)).contains(state);
    guests.running(guests.guest().with(changes -> changes.tpm(Optional.of(copy))));
    assertThat(players()).hasSize(2);
    assertThat(tpms().all()).containsExactlyInAnyOrder(tpm, copy);
    state[9]++;
    assertRaises(Reason.INVALID, () -> tpms().write(UUID.randomUUID(), state));
    assertRaises(Reason.INVALID, () -> tpms().write(UUID.randomUUID(), new byte[0]));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    QemuSettings usual = QemuSettings.usual();
    QemuSettings poor =
        new QemuSettings(
            usual.program(),
            Path.of("/nowhere/swtpm"),
            usual.start(),
            usual.command(),
            usual.unplug());
    tpms().require();
    DomainSpec spec = machine();
    try (QemuCompute compute = QemuCompute.open(data.resolve("poor"), poor)) {
      assertRaises(Reason.UNSUPPORTED, () -> compute.tpms(HOST).require());
      assertRaises(Reason.UNSUPPORTED, () -> compute.start(HOST, spec, false));
      assertThat(compute.find(HOST, spec.vm())).isEmpty();
    }
    assertThat(data.resolve("poor/run/domains")).isEmptyDirectory();
  }
}
