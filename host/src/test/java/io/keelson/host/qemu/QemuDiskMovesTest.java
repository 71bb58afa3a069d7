package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that go to other images under a guest that writes all the time; no write is lost. */
class QemuDiskMovesTest {
  private static final String SIZE = "4M";

  @TempDir Path data;
  private Guests guests;
  private UUID vm = UUID.randomUUID();

  @BeforeEach
  void open() {
    guests = new Guests(data);
  }

  @AfterEach
  void close() {
    guests.close();
  }

  private void install(DiskSource disk) throws Exception {
    Path file = data.resolve("sector");
    Files.write(file, WritingSector.bytes());
    run("qemu-io", "-f", "qcow2", "-c", "write -s " + file + " 0 512", disk.location());
  }

  private long verify(DiskSource disk) throws Exception {
    Path raw = data.resolve("read.raw");
    run("qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", disk.location(), raw.toString());
    return WritingSector.lastWrite(Files.readAllBytes(raw));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private DiskSource image(String name) throws Exception {
    run("qemu-img", "create", "-q", "-f", "qcow2", data.resolve(name + ".qcow2").toString(), SIZE);
    return source(name);
  }

  private DiskSource overlay(String name, String below) throws Exception {
    Path file = data.resolve(name + ".qcow2");
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "qcow2",
        "-b",
        below + ".qcow2",
        file.toString());
    return source(name);
  }

  private DiskSource source(String name) {
    return new DiskSource(data.resolve(name + ".qcow2").toString(), DiskSource.Format.QCOW2);
  }

  /** A guest that writes to disk "a" and has written to overlays "b" and "c" above it. */
  private void start() throws Exception {
    install(image("a"));
    guests
        .compute()
        .start(HOST, Guests.spec(vm, List.of(Guests.disk(0, source("a"))), List.of()), false);
    awaitWrites(source("a"), 100);
    guests.compute().switchDisk(HOST, vm, 0, overlay("b", "a"));
    awaitWrites(source("b"), 10);
    guests.compute().switchDisk(HOST, vm, 0, overlay("c", "b"));
    awaitWrites(source("c"), 10);
  }

  /** Waits until the guest has written so many times more. */
  private void awaitWrites(DiskSource disk, int more) {
    long start = written(disk);
    Guests.until(() -> written(disk) >= start + more);
  }

  /** The number of the guest's last write, after a look at all before it. */
  private long written(DiskSource disk) {
    guests.compute().pause(HOST, vm);
    try {
      return verify(disk);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      guests.compute().unpause(HOST, vm);
    }
  }

  private void merge(String upper, String lower, Handover handover, Progress progress) {
    guests
        .compute()
        .mergeDisk(HOST, vm, 0, source(upper), source(lower), lower + ".qcow2", handover, progress);
  }

  private void check(DiskSource disk) throws Exception {
    guests.compute().destroy(HOST, vm);
    run("qemu-img", "check", "-q", "-r", "leaks", "-f", "qcow2", disk.location());
    run("qemu-img", "check", "-q", "-f", "qcow2", disk.location());
    assertThat(verify(disk)).isPositive();
  }

  @Test
  void aChainShrinksFromTheMiddleAndFromTheTop() throws Exception {
    start();
    merge("b", "a", Handover.NONE, Progress.NONE);
    Files.delete(data.resolve("b.qcow2"));
    awaitWrites(source("c"), 10);
    AtomicInteger commits = new AtomicInteger();
    merge("c", "a", counting(commits), Progress.NONE);
    assertThat(commits.get()).isEqualTo(1);
    Files.delete(data.resolve("c.qcow2"));
    awaitWrites(source("a"), 10);
    assertThat(guests.compute().reset(HOST, vm).vm()).isEqualTo(vm);
    Guests.until(() -> written(source("a")) > 0);
    check(source("a"));
  }

  private static Handover counting(AtomicInteger commits) {
    return new Handover() {
      @Override
      public void commit() {
        commits.incrementAndGet();
      }

      @Override
      public void rollback() {
        commits.decrementAndGet();
      }
    };
  }

  @Test
  void aDiskMovesToAnotherImageAndTheChainItHadIsLetGo() throws Exception {
    start();
    guests.compute().moveDisk(HOST, vm, 0, image("new"), Handover.NONE, Progress.NONE);
    for (String gone : List.of("a", "b", "c")) {
      Files.delete(data.resolve(gone + ".qcow2"));
    }
    awaitWrites(source("new"), 50);
    guests.compute().switchDisk(HOST, vm, 0, overlay("d", "new"));
    merge("d", "new", Handover.NONE, Progress.NONE);
    awaitWrites(source("new"), 10);
    check(source("new"));
  }

  @Test
  void whatIsCancelledOrRefusedLeavesTheDiskWhereItWas() throws Exception {
    start();
    Progress cancelled =
        new Progress() {
          @Override
          public void report(double fraction) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertRaises(Reason.CANCELLED, () -> merge("b", "a", Handover.NONE, cancelled));
    assertRaises(Reason.WRONG_STATE, () -> merge("c", "a", Handover.NONE, Progress.NONE));
    DiskSource target = image("new");
    assertRaises(
        Reason.CANCELLED,
        () -> guests.compute().moveDisk(HOST, vm, 0, target, Handover.NONE, cancelled));
    Handover refusing =
        new Handover() {
          @Override
          public void commit() {
            throw new DriverException(Reason.INVALID, "not now");
          }

          @Override
          public void rollback() {}
        };
    assertRaises(Reason.INVALID, () -> merge("c", "b", refusing, Progress.NONE));
    assertRaises(
        Reason.INVALID,
        () -> guests.compute().moveDisk(HOST, vm, 0, target, refusing, Progress.NONE));
    awaitWrites(source("c"), 10);
    merge("c", "b", Handover.NONE, Progress.NONE);
    awaitWrites(source("b"), 10);
    check(source("b"));
  }

  /** The server ends at the instant of the change; what counts then is where the disk goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptedMoveIsSettledByWhatCounts(boolean done) throws Exception {
    start();
    DiskSource target = image("new");
    Handover ending =
        new Handover() {
          @Override
          public void commit() {
            guests.compute().close();
          }

          @Override
          public void rollback() {}
        };
    assertRaises(
        Reason.FAILED, () -> guests.compute().moveDisk(HOST, vm, 0, target, ending, Progress.NONE));
    guests.takeOver(false);
    DiskSource counts = done ? target : source("c");
    guests.compute().settleDisk(HOST, vm, 0, counts);
    guests.compute().settleDisk(HOST, vm, 0, counts);
    awaitWrites(counts, 50);
    guests.compute().switchDisk(HOST, vm, 0, overlay("d", done ? "new" : "c"));
    awaitWrites(source("d"), 10);
    check(source("d"));
  }

  /** QEMU dies at the instant of the change: whichever image counts then, it holds every write. */
  @Test
  void aDomainThatDiesInAMoveLeavesBothImagesRight() throws Exception {
    start();
    DiskSource target = image("new");
    AtomicInteger commits = new AtomicInteger();
    Handover killing =
        new Handover() {
          @Override
          public void commit() {
            ProcessHandle process = guests.process(vm);
            assertThat(process.destroyForcibly()).isTrue();
            process.onExit().join();
            commits.incrementAndGet();
          }

          @Override
          public void rollback() {
            commits.decrementAndGet();
          }
        };
    assertRaises(
        Reason.FAILED,
        () -> guests.compute().moveDisk(HOST, vm, 0, target, killing, Progress.NONE));
    assertThat(commits.get()).isZero();
    guests.awaitTold(vm, Change.DIED);
    assertThat(verify(target)).isEqualTo(verify(source("c"))).isPositive();
    for (DiskSource image : List.of(target, source("c"))) {
      run("qemu-img", "check", "-q", "-r", "leaks", "-f", "qcow2", image.location());
    }
  }

  /** A process that ended before it had recorded a switch: the domain knows better. */
  @Test
  void theRecordOfADiskIsCorrectedByTheDomain() throws Exception {
    start();
    Path record = guests.folder(vm).resolve("domain.json");
    byte[] stale = Files.readAllBytes(record);
    guests.compute().switchDisk(HOST, vm, 0, overlay("d", "c"));
    guests.compute().close();
    Files.write(record, stale);
    guests.takeOver(false);
    long before = written(source("d"));
    assertThat(before).isPositive();
    guests.compute().reset(HOST, vm);
    Guests.until(() -> written(source("d")) > 0);
    check(source("d"));
  }
}
