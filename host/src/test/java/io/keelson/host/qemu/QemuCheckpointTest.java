package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.Domain;
import io.keelson.host.Domain.State;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory and disks of one instant, while the guest goes on. */
class QemuCheckpointTest {
  @TempDir Path data;
  private Guests guests;
  private Path image;
  private DomainSpec spec;
  private Path disk;

  @BeforeEach
  void open() {
    guests = new Guests(data);
    image = data.resolve("memory");
    UUID vm = UUID.randomUUID();
    spec = Guests.spec(vm, List.of(guests.bootDisk(vm)), List.of());
    disk = Path.of(spec.disks().getFirst().source().orElseThrow().location());
  }

  @AfterEach
  void close() {
    guests.close();
  }

  private DiskSource overlay(String name, Path below, String format) throws Exception {
    return Guests.qcow2(data.resolve(name), "-b", below.toString(), "-F", format);
  }

  private char noted() throws IOException {
    return (char) Files.readAllBytes(disk)[BootSector.noteAt()];
  }

  @Test
  void memoryAndDiskAgreeAndTheGuestGoesOn() throws Exception {
    Domain domain = guests.running(spec);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    assertThat(Guests.say(domain, 'w')).isEqualTo('w');
    DiskSource overlay = overlay("overlay.qcow2", disk, "raw");
    guests.compute().checkpoint(HOST, spec.vm(), image, Map.of(0, overlay), Progress.NONE);

    Domain after = guests.compute().find(HOST, spec.vm()).orElseThrow();
    assertThat(after).isEqualTo(domain);
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
    assertThat(Guests.say(after, 'w')).isEqualTo('w');
    assertThat(noted()).isEqualTo('B');
    // A second one, of what has happened since.
    Path second = data.resolve("memory-2");
    DiskSource upper = overlay("overlay-2.qcow2", Path.of(overlay.location()), "qcow2");
    guests.compute().checkpoint(HOST, spec.vm(), second, Map.of(0, upper), Progress.NONE);
    guests.compute().destroy(HOST, spec.vm());
    guests.assertNothingTold();

    Domain back = guests.compute().resume(HOST, spec, image, false, Progress.NONE);
    assertThat(Guests.say(back, 'c')).isEqualTo('B');
    assertThat(noted()).isEqualTo('B');
    assertThat(Guests.say(back, 'w')).isEqualTo('w');
    assertThat(noted()).isEqualTo('C');
  }

  @Test
  void aPausedGuestStaysPausedAndUsable() throws Exception {
    Domain domain = guests.running(spec);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    guests.compute().pause(HOST, spec.vm());
    DiskSource overlay = overlay("overlay.qcow2", disk, "raw");
    guests.compute().checkpoint(HOST, spec.vm(), image, Map.of(0, overlay), Progress.NONE);
    assertThat(guests.state(spec.vm())).isEqualTo(State.PAUSED);
    guests.compute().resizeDisk(HOST, spec.vm(), 0, 2 << 20);
    Path second = data.resolve("memory-2");
    guests.compute().checkpoint(HOST, spec.vm(), second, Map.of(), Progress.NONE);
    guests.takeOver(true);
    assertThat(guests.state(spec.vm())).isEqualTo(State.PAUSED);
    guests.compute().unpause(HOST, spec.vm());
    assertThat(Guests.say(domain, 'c')).isEqualTo('B');
  }

  @Test
  void whatFailsOrIsCancelledLeavesTheGuestRunning() {
    Domain domain = guests.running(spec);
    Progress cancelled =
        new Progress() {
          @Override
          public void report(double fraction) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertRaises(
        Reason.FAILED,
        () ->
            guests
                .compute()
                .checkpoint(HOST, spec.vm(), data.resolve("no/where"), Map.of(), Progress.NONE));
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    try {
      guests.compute().checkpoint(HOST, spec.vm(), image, Map.of(), cancelled);
    } catch (io.keelson.host.DriverException e) {
      assertThat(e.reason()).isEqualTo(Reason.CANCELLED); // unless all was written in time
    }
    assertThat(Guests.say(domain, 'c')).isEqualTo('B');
  }
}
