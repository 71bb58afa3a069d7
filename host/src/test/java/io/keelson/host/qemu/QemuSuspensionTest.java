package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.Domain;
import io.keelson.host.Domain.State;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.SavedMachine;
import io.keelson.host.storage.LoopDevice;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that goes to a file and comes back. */
class QemuSuspensionTest {
  @TempDir Path data;
  private Guests guests;
  private Path image;

  @BeforeEach
  void open() {
    guests = new Guests(data);
    image = data.resolve("suspended");
  }

  @AfterEach
  void close() {
    guests.close();
  }

  @Test
  void theGuestGoesOnWhereItWas() {
    DomainSpec spec = guests.guest();
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    List<Double> reports = new ArrayList<>();
    guests.compute().suspend(HOST, spec.vm(), image, progress(reports, false));
    assertThat(reports).last().isEqualTo(1.0);
    assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
    guests.assertNothingTold();

    Domain after = guests.compute().resume(HOST, spec, image, false, Progress.NONE);
    assertThat(after.state()).isEqualTo(State.RUNNING);
    assertThat(after.domid()).isGreaterThan(before.domid());
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
  }

  @Test
  void devicesPluggedMeanwhileAreThereAgain() throws Exception {
    DomainSpec spec = guests.guest();
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    var disk = Guests.disk(5, Guests.qcow2(data.resolve("more.qcow2")));
    guests.compute().plugDisk(HOST, spec.vm(), disk);
    guests.compute().setProcessors(HOST, spec.vm(), 2);
    guests.compute().pause(HOST, spec.vm());
    guests.compute().suspend(HOST, spec.vm(), image, Progress.NONE);

    assertRaises(
        Reason.INVALID, () -> guests.compute().resume(HOST, spec, image, false, Progress.NONE));
    DomainSpec now =
        spec.with(
            c -> c.disks(List.of(disk, spec.disks().getFirst())).nics(List.of()).processors(2));
    Domain after = guests.compute().resume(HOST, now, image, true, Progress.NONE);
    assertThat(after.state()).isEqualTo(State.PAUSED);
    guests.compute().unpause(HOST, spec.vm());
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
  }

  @Test
  void aCancelledSuspensionLeavesTheGuestRunning() {
    DomainSpec spec = guests.guest();
    Domain domain = guests.running(spec);
    Path full = Path.of("/dev/full");
    assertRaises(
        Reason.NO_SPACE, () -> guests.compute().suspend(HOST, spec.vm(), full, Progress.NONE));
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    assertRaises(
        Reason.FAILED,
        () -> guests.compute().suspend(HOST, spec.vm(), data.resolve("none/there"), Progress.NONE));
    assertThat(guests.state(spec.vm())).isEqualTo(State.RUNNING);
    assertThat(Guests.say(domain, 'c')).isEqualTo('B');
    guests.compute().suspend(HOST, spec.vm(), image, Progress.NONE);
  }

  @Test
  void aDamagedImageIsRefused() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().suspend(HOST, spec.vm(), image, Progress.NONE);

    Path cut = data.resolve("cut");
    byte[] bytes = Files.readAllBytes(image);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 1000));
    Path flipped = Files.copy(image, data.resolve("flipped"));
    try (RandomAccessFile file = new RandomAccessFile(flipped.toFile(), "rw")) {
      file.seek(bytes.length - 10);
      file.write(bytes[bytes.length - 10] ^ 1);
    }
    Path empty = Files.createFile(data.resolve("empty"));
    for (Path damaged : List.of(cut, flipped, empty)) {
      assertRaises(
          Reason.CORRUPT, () -> guests.compute().resume(HOST, spec, damaged, false, Progress.NONE));
      assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
      assertThat(guests.folder(spec.vm())).doesNotExist();
    }
    assertRaises(
        Reason.NOT_FOUND,
        () -> guests.compute().resume(HOST, spec, data.resolve("nothing"), false, Progress.NONE));
    guests.compute().resume(HOST, spec, image, false, Progress.NONE);
  }

  /** As a logical volume does. */
  @Test
  void aDeviceHoldsAnImageToo() throws Exception {
    DomainSpec spec = guests.guest();
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    try (LoopDevice device = LoopDevice.of(data.resolve("device"), 256 << 20);
        LoopDevice small = LoopDevice.of(data.resolve("small"), 64 << 10)) {
      guests.compute().suspend(HOST, spec.vm(), device.path(), Progress.NONE);
      guests.compute().copyImage(HOST, device.path(), image, Progress.NONE);
      assertThat(guests.compute().inspectImage(HOST, image, Progress.NONE))
          .isEqualTo(SavedMachine.of(spec));
      // What an image needs of the device, and no more: the guest holds less than the device.
      assertThat(Files.size(image)).isLessThan(Files.size(data.resolve("device")));
      Files.write(small.path(), Arrays.copyOf(Files.readAllBytes(image), 4096), WRITE);
      Domain after = guests.compute().resume(HOST, spec, device.path(), false, Progress.NONE);
      assertThat(Guests.say(after, 'c')).isEqualTo('B');

      // No head of an older image vouches for half of a new one.
      assertRaises(
          Reason.NO_SPACE,
          () -> guests.compute().suspend(HOST, spec.vm(), small.path(), Progress.NONE));
      assertRaises(
          Reason.CORRUPT, () -> guests.compute().inspectImage(HOST, small.path(), Progress.NONE));
      assertThat(Guests.say(after, 'c')).isEqualTo('C');
    }
  }

  @Test
  void aMachineThatDoesNotRunCannotBeSuspended() {
    assertRaises(
        Reason.NOT_FOUND,
        () -> guests.compute().suspend(HOST, UUID.randomUUID(), image, Progress.NONE));
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
