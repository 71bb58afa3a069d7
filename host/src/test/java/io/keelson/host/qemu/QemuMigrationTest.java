package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.Domain;
import io.keelson.host.Domain.State;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that move to another process while they run. */
class QemuMigrationTest {
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

  private Domain migrate(UUID vm, Handover handover, Progress progress) {
    List<NicSpec> nics = guests.compute().nics(HOST, vm);
    return guests.compute().migrate(HOST, vm, HOST, nics, handover, progress);
  }

  private Domain migrate(UUID vm) {
    return migrate(vm, Handover.NONE, Progress.NONE);
  }

  @Test
  void theGuestGoesOnInAnotherProcess() throws Exception {
    UUID vm = UUID.randomUUID();
    NicSpec card = new NicSpec(0, "02:00:00:00:00:01", 1500, new NicAttachment.User());
    DomainSpec spec = Guests.spec(vm, List.of(guests.bootDisk(vm)), List.of(card));
    Domain before = guests.running(spec);
    ProcessHandle old = guests.process(vm);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    var disk = Guests.disk(5, Guests.qcow2(data.resolve("more.qcow2")));
    guests.compute().plugDisk(HOST, vm, disk);
    guests.compute().setProcessors(HOST, vm, 2);

    List<Double> reports = new ArrayList<>();
    Domain after = migrate(vm, Handover.NONE, progress(reports, false));
    assertThat(reports).isSorted().last().isEqualTo(1.0);
    assertThat(after.state()).isEqualTo(State.RUNNING);
    assertThat(after.domid()).isGreaterThan(before.domid());
    assertThat(guests.process(vm).pid()).isNotEqualTo(old.pid());
    assertThat(old.isAlive()).isFalse();
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
    // QEMU tells the log after the socket.
    Guests.until(() -> Guests.serialLog(after).contains("AB"));
    assertThat(Guests.serialLog(after)).contains(BootSector.READY);
    assertThat(greeting(after)).startsWith("RFB ");
    assertThat(data.resolve("run/domains")).isDirectoryNotContaining("glob:**.*");

    // What it can do it can do again.
    NicSpec second = new NicSpec(1, "02:00:00:00:00:02", 1500, new NicAttachment.User());
    guests.compute().plugNic(HOST, vm, second);
    assertThat(Guests.say(migrate(vm), 'c')).isEqualTo('C');
    assertThat(guests.compute().nics(HOST, vm)).containsExactly(card, second);
    guests.assertNothingTold();
    assertThat(guests.takeOver(true)).singleElement().extracting(Domain::vm).isEqualTo(vm);
    Guests.tell(guests.compute().find(HOST, vm).orElseThrow(), 'r');
    guests.awaitTold(vm, Change.REBOOTED);
  }

  private static String greeting(Domain domain) throws Exception {
    Path screen = domain.consoles().screen().orElseThrow();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(screen))) {
      ByteBuffer text = ByteBuffer.allocate(4);
      while (text.hasRemaining() && channel.read(text) >= 0) {}
      return new String(text.array(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aPausedGuestStaysPaused() {
    DomainSpec spec = guests.guest();
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    guests.compute().pause(HOST, spec.vm());
    assertThat(migrate(spec.vm()).state()).isEqualTo(State.PAUSED);
    assertThat(migrate(spec.vm()).state()).isEqualTo(State.PAUSED);
    guests.compute().unpause(HOST, spec.vm());
    Domain after = guests.compute().find(HOST, spec.vm()).orElseThrow();
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
  }

  @Test
  void noWriteIsLost() throws Exception {
    UUID vm = UUID.randomUUID();
    DiskSource disk = writable();
    DomainSpec spec = Guests.spec(vm, List.of(Guests.disk(0, disk)), List.of());
    guests.compute().start(HOST, spec, false);
    long written = 0;
    for (int round = 0; round < 3; round++) {
      long least = written + 50;
      Guests.until(() -> written(vm, disk) > least);
      written = written(vm, disk);
      migrate(vm);
    }
    long least = written + 50;
    Guests.until(() -> written(vm, disk) > least);
    guests.compute().destroy(HOST, vm);
    Guests.run("qemu-img", "check", "-q", "-r", "leaks", "-f", "qcow2", disk.location());
    assertThat(verify(disk)).isGreaterThan(written);
  }

  private DiskSource writable() throws Exception {
    DiskSource disk = Guests.qcow2(data.resolve("disk.qcow2"));
    Path sector = data.resolve("sector");
    Files.write(sector, WritingSector.bytes());
    Guests.run("qemu-io", "-f", "qcow2", "-c", "write -s " + sector + " 0 512", disk.location());
    return disk;
  }

  private long written(UUID vm, DiskSource disk) throws Exception {
    guests.compute().pause(HOST, vm);
    try {
      return verify(disk);
    } finally {
      guests.compute().unpause(HOST, vm);
    }
  }

  private long verify(DiskSource disk) throws Exception {
    Path raw = data.resolve("read.raw");
    Guests.run(
        "qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", disk.location(), raw.toString());
    return WritingSector.lastWrite(Files.readAllBytes(raw));
  }

  @Test
  void whatIsCancelledOrRefusedLeavesTheGuestWhereItWas() {
    DomainSpec spec = guests.guest();
    UUID vm = spec.vm();
    Domain domain = guests.running(spec);
    assertRaises(
        Reason.CANCELLED, () -> migrate(vm, Handover.NONE, progress(new ArrayList<>(), true)));
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    Handover refusing =
        new Handover() {
          @Override
          public void commit() {
            throw new DriverException(Reason.INVALID, "not now");
          }

          @Override
          public void rollback() {}
        };
    assertRaises(Reason.INVALID, () -> migrate(vm, refusing, Progress.NONE));
    assertThat(Guests.say(domain, 'c')).isEqualTo('B');
    guests.compute().pause(HOST, vm);
    assertRaises(Reason.INVALID, () -> migrate(vm, refusing, Progress.NONE));
    guests.compute().unpause(HOST, vm);
    assertThat(Guests.say(domain, 'c')).isEqualTo('C');
    assertRaises(
        Reason.UNSUPPORTED,
        () ->
            guests
                .compute()
                .migrate(HOST, vm, UUID.randomUUID(), List.of(), Handover.NONE, Progress.NONE));
    assertThat(guests.compute().find(HOST, vm)).contains(domain);
    assertThat(Guests.say(migrate(vm), 'c')).isEqualTo('D');
    guests.assertNothingTold();
  }

  @Test
  void aGuestThatIsEndedMeanwhileIsNowhere() {
    DomainSpec spec = guests.guest();
    UUID vm = spec.vm();
    guests.running(spec);
    Handover ending =
        new Handover() {
          @Override
          public void commit() {
            guests.compute().destroy(HOST, vm);
          }

          @Override
          public void rollback() {}
        };
    assertRaises(Reason.FAILED, () -> migrate(vm, ending, Progress.NONE));
    assertThat(guests.compute().find(HOST, vm)).isEmpty();
    assertThat(data.resolve("run/domains")).isEmptyDirectory();
    guests.running(spec);
  }

  /**
   * @param renamed how many of the two folders have changed names by then
   * @param there whether the guest is where it moved to
   */
  @ParameterizedTest
  @CsvSource({"MEMORY, 0, false", "HANDOVER, 0, false", "HANDOVER, 1, false", "HANDOVER, 2, true"})
  void aServerThatIsKilledOnTheWayLeavesOneGuest(KilledMigration.At at, int renamed, boolean there)
      throws Exception {
    DomainSpec spec = guests.guest();
    UUID vm = spec.vm();
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    guests.compute().close();
    assertThat(KilledMigration.run(data, vm, at)).isEqualTo(137);
    RunFolder home = new RunFolder(guests.folder(vm));
    Path domains = Objects.requireNonNull(home.path().getParent());
    if (renamed > 0) {
      home.become(RunFolder.left(domains, vm));
    }
    if (renamed > 1) {
      RunFolder.arriving(domains, vm).become(home);
    }

    List<Domain> found = guests.takeOver(false);
    assertThat(found).hasSize(1);
    Domain after = found.getFirst();
    assertThat(after.state()).isEqualTo(State.RUNNING);
    assertThat(after.domid() > before.domid()).isEqualTo(there);
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
    assertThat(guests.processes(vm)).hasSize(1);
    assertThat(domains).isDirectoryNotContaining("glob:**.*");
    guests.assertNothingTold();
    assertThat(Guests.say(migrate(vm), 'c')).isEqualTo('C');
  }

  private static Progress progress(List<Double> reports, boolean cancelled) {
    return new Progress() {
      @Override
      public void report(double fraction) {
        reports.add(fraction);
      }

      @Override
      public boolean cancelled() {
        return cancelled;
      }
    };
  }
}
