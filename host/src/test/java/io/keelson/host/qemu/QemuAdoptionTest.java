package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.Domain;
import io.keelson.host.Domain.State;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Domains that outlive the server that started them. */
class QemuAdoptionTest {
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
  void findsRunningAndPausedDomainsAgain() throws Exception {
    DomainSpec running = guests.guest();
    DomainSpec paused = guests.guest();
    Domain before = guests.running(running);
    guests.compute().start(HOST, paused, true);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');

    List<Domain> found = guests.takeOver(true);
    assertThat(found).hasSize(2).contains(before);
    assertThat(guests.state(paused.vm())).isEqualTo(State.PAUSED);
    assertThat(Guests.say(before, 'c')).isEqualTo('B');
    assertThat(guests.compute().start(HOST, guests.guest(), true).domid())
        .isGreaterThan(before.domid());

    guests.compute().requestShutdown(HOST, running.vm());
    guests.awaitTold(running.vm(), Change.POWERED_OFF);
    guests.compute().destroy(HOST, paused.vm());
    assertThat(guests.folder(paused.vm())).doesNotExist();
  }

  @Test
  void tellsOfADomainThatDiedMeanwhile() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().close();
    ProcessHandle process = guests.process(spec.vm());
    Guests.signal(process, "KILL");
    Guests.until(() -> !process.isAlive());

    assertThat(guests.takeOver(false)).isEmpty();
    guests.awaitTold(spec.vm(), Change.DIED);
    assertThat(guests.folder(spec.vm())).doesNotExist();
  }

  @Test
  void tellsOfAGuestThatPoweredOffMeanwhile() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().requestShutdown(HOST, spec.vm());
    guests.compute().close();
    guests.takeOver(false);
    guests.awaitTold(spec.vm(), Change.POWERED_OFF);
    assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
  }

  @Test
  void letsAGuestRebootInPlaceMeanwhile() throws Exception {
    DomainSpec spec = guests.guest();
    Domain domain = guests.running(spec);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    guests.compute().close();
    Guests.tell(domain, 'r');
    Guests.until(() -> Guests.serialLog(domain).split(BootSector.READY, -1).length == 3);
    assertThat(guests.takeOver(false)).containsExactly(domain);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    guests.assertNothingTold();
  }

  @Test
  void aSecondServerIsRefusedWhileTheFirstRuns() {
    Guests.assertRaises(Reason.WRONG_STATE, () -> QemuCompute.open(data));
  }

  @Test
  void aProcessNumberThatBecameAnothersIsNotTaken() throws Exception {
    UUID vm = UUID.randomUUID();
    Path folder = Files.createDirectories(guests.folder(vm));
    Process stranger = new ProcessBuilder("sleep", "60").directory(folder.toFile()).start();
    try {
      assertThat(guests.takeOver(true)).isEmpty();
      guests.awaitTold(vm, Change.DIED);
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aDomainWithoutAReadableRecordIsEnded() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().close();
    Files.writeString(guests.folder(spec.vm()).resolve("domain.json"), "{\"domid\":");
    ProcessHandle process = guests.process(spec.vm());
    assertThat(guests.takeOver(false)).isEmpty();
    guests.awaitTold(spec.vm(), Change.DIED);
    Guests.until(() -> !process.isAlive());
  }
}
