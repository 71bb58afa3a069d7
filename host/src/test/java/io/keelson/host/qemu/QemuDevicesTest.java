package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that come, change and go while the guest runs. */
class QemuDevicesTest {
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
  void plugsADiskThatIsThereAfterAReset() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    DiskSpec disk = Guests.disk(7, Guests.qcow2(data.resolve("more.qcow2")));
    guests.compute().plugDisk(HOST, spec.vm(), disk);
    assertRaises(Reason.ALREADY_EXISTS, () -> guests.compute().plugDisk(HOST, spec.vm(), disk));
    assertRaises(Reason.NOT_FOUND, () -> guests.compute().unplugDisk(HOST, spec.vm(), 8));
    // A guest without a system never lets go of a device.
    assertRaises(Reason.REJECTED_BY_GUEST, () -> guests.compute().unplugDisk(HOST, spec.vm(), 7));
    assertRaises(Reason.REJECTED_BY_GUEST, () -> guests.compute().unplugDisk(HOST, spec.vm(), 7));

    Domain again = guests.compute().reset(HOST, spec.vm());
    Guests.awaitReady(again);
    assertRaises(Reason.ALREADY_EXISTS, () -> guests.compute().plugDisk(HOST, spec.vm(), disk));
  }

  @Test
  void aDiskThatCannotBeOpenedLeavesNothingBehind() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    Path file = data.resolve("late.qcow2");
    DiskSpec disk = Guests.disk(1, new DiskSource(file.toString(), DiskSource.Format.QCOW2));
    assertRaises(Reason.FAILED, () -> guests.compute().plugDisk(HOST, spec.vm(), disk));
    Guests.qcow2(file);
    guests.compute().plugDisk(HOST, spec.vm(), disk);
  }

  @Test
  void plugsNetworkCards() {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().plugNic(HOST, spec.vm(), nic(0, new NicAttachment.User()));
    guests.compute().plugNic(HOST, spec.vm(), nic(1, new NicAttachment.Unconnected()));
    guests
        .compute()
        .plugNic(HOST, spec.vm(), nic(2, new NicAttachment.Multicast("239.255.7.9", 24007)));
    assertRaises(
        Reason.ALREADY_EXISTS,
        () -> guests.compute().plugNic(HOST, spec.vm(), nic(1, new NicAttachment.User())));
    assertRaises(Reason.REJECTED_BY_GUEST, () -> guests.compute().unplugNic(HOST, spec.vm(), 0));
    assertRaises(Reason.NOT_FOUND, () -> guests.compute().unplugNic(HOST, spec.vm(), 3));
  }

  /** It has no way to be told of what comes or is to go. */
  @Test
  void devicesOfAGuestWithoutAcpiStayAsTheyAre() throws Exception {
    UUID vm = UUID.randomUUID();
    DiskSpec more = Guests.disk(1, Guests.qcow2(data.resolve("more.qcow2")));
    NicSpec card = nic(0, new NicAttachment.User());
    guests.running(
        Guests.spec(vm, List.of(guests.bootDisk(vm), more), List.of(card), Map.of("acpi", "0")));
    assertRaises(Reason.REJECTED_BY_GUEST, () -> guests.compute().unplugDisk(HOST, vm, 1));
    assertRaises(Reason.REJECTED_BY_GUEST, () -> guests.compute().unplugNic(HOST, vm, 0));
    DiskSpec late = Guests.disk(2, Guests.qcow2(data.resolve("late.qcow2")));
    assertRaises(Reason.UNSUPPORTED, () -> guests.compute().plugDisk(HOST, vm, late));
    NicSpec lateCard = nic(1, new NicAttachment.User());
    assertRaises(Reason.UNSUPPORTED, () -> guests.compute().plugNic(HOST, vm, lateCard));
  }

  @Test
  void startsWithEveryKindOfNetworkCard() {
    UUID vm = UUID.randomUUID();
    DomainSpec spec =
        Guests.spec(
            vm,
            List.of(guests.bootDisk(vm)),
            List.of(
                nic(0, new NicAttachment.User()),
                nic(1, new NicAttachment.Unconnected()),
                nic(2, new NicAttachment.Multicast("239.255.7.9", 24007))));
    guests.running(spec);
  }

  private static NicSpec nic(int device, NicAttachment attachment) {
    return new NicSpec(device, "02:00:00:00:00:0" + device, 1400, attachment);
  }

  @Test
  void changesWhatIsInADrive() throws Exception {
    UUID vm = UUID.randomUUID();
    DiskSpec cd = removable(3, DiskSpec.Kind.CD);
    DiskSpec floppy = removable(4, DiskSpec.Kind.FLOPPY);
    guests.running(Guests.spec(vm, List.of(guests.bootDisk(vm), cd, floppy), List.of()));
    DiskSource iso = raw("a.iso");
    for (int device : List.of(3, 4)) {
      guests.compute().changeMedia(HOST, vm, device, Optional.of(iso));
      guests.compute().changeMedia(HOST, vm, device, Optional.of(raw("b.iso")));
      DiskSource missing = new DiskSource("/nonexistent.iso", DiskSource.Format.RAW);
      assertRaises(
          Reason.FAILED,
          () -> guests.compute().changeMedia(HOST, vm, device, Optional.of(missing)));
      guests.compute().changeMedia(HOST, vm, device, Optional.empty());
    }
    assertRaises(
        Reason.UNSUPPORTED, () -> guests.compute().changeMedia(HOST, vm, 0, Optional.of(iso)));
    assertRaises(Reason.UNSUPPORTED, () -> guests.compute().unplugDisk(HOST, vm, 3));
    assertThat(Files.exists(Path.of(iso.location()))).isTrue();
  }

  private static DiskSpec removable(int device, DiskSpec.Kind kind) {
    return new DiskSpec(device, kind, Optional.empty(), false, true, "");
  }

  private DiskSource raw(String name) throws Exception {
    Path file = data.resolve(name);
    Files.write(file, new byte[1440 << 10]);
    return new DiskSource(file.toString(), DiskSource.Format.RAW);
  }

  @Test
  void bootsFromACd() throws Exception {
    UUID vm = UUID.randomUUID();
    Path floppy = data.resolve("floppy.img");
    Files.write(floppy, new byte[1440 << 10]);
    DiskSpec cd = new DiskSpec(3, DiskSpec.Kind.CD, Optional.of(raw("c.iso")), true, true, "");
    // No boot record is on the CD, so the firmware goes on to the disk.
    guests.running(Guests.spec(vm, List.of(guests.bootDisk(vm), cd), List.of()));
  }

  @Test
  void switchesADiskToAnOverlayAndGoesOnThere() throws Exception {
    UUID vm = UUID.randomUUID();
    Path lower = data.resolve("lower.qcow2");
    DiskSource source = Guests.qcow2(lower);
    guests.running(
        Guests.spec(vm, List.of(guests.bootDisk(vm), Guests.disk(1, source)), List.of()));
    Path upper = data.resolve("upper.qcow2");
    DiskSource overlay = Guests.qcow2(upper, "-b", lower.toString(), "-F", "qcow2");
    guests.compute().switchDisk(HOST, vm, 1, overlay);
    guests.compute().resizeDisk(HOST, vm, 1, 8 * Guests.MIB);

    // What lies below is only read from now on, so another machine may read it, too.
    DiskSpec reader = new DiskSpec(0, DiskSpec.Kind.DISK, Optional.of(source), true, false, "");
    guests.compute().start(HOST, Guests.spec(UUID.randomUUID(), List.of(reader), List.of()), true);

    Domain again = guests.compute().reset(HOST, vm);
    Guests.awaitReady(again);
    guests.compute().requestShutdown(HOST, vm);
    guests.awaitTold(vm, Change.POWERED_OFF);
    Process info =
        new ProcessBuilder("qemu-img", "info", "--output=json", upper.toString()).start();
    assertThat(
            new String(
                info.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"virtual-size\": 8388608");
  }
}
