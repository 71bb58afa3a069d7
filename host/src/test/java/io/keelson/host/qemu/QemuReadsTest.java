package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Domains that keep what they read from below their disks. */
class QemuReadsTest {
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

  /** A disk of a megabyte over one that boots, which keeps its reads. */
  private DiskSource disk(String name) throws Exception {
    DiskSource boot = guests.bootDisk(UUID.randomUUID()).source().orElseThrow();
    Path kept = data.resolve(name + ".kept.qcow2");
    String[] over = {"-b", boot.location(), "-F", "raw"};
    DiskSource _ = Guests.qcow2(kept, over);
    return Guests.qcow2(data.resolve(name + ".qcow2"), over).keepingReads(kept);
  }

  private static void awaitUnlocked(String image) {
    Guests.until(() ->
        new ProcessBuilder("qemu-img", "info", "-f", "qcow2", image)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0);
  }

  @Test
  void aGuestGoesOnElsewhereWithoutThem() throws Exception {
    DiskSource disk = disk("boot");
    String kept = disk.reads().orElseThrow();
    UUID vm = UUID.randomUUID();
    DomainSpec spec = Guests.spec(vm, List.of(Guests.disk(0, disk)), List.of());
    Domain before = guests.running(spec);
    assertThat(Guests.say(before, 'c')).isEqualTo('A');
    Domain after =
        guests.compute().migrate(HOST, vm, HOST, List.of(), Handover.NONE, Progress.NONE);
    assertThat(Guests.say(after, 'c')).isEqualTo('B');
    awaitUnlocked(kept);
  }

  @Test
  void aDiskThatIsPluggedKeepsThemToo() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    DiskSource disk = disk("more");
    Path top = Path.of(disk.location());
    Path aside = Files.move(top, data.resolve("aside"));
    DiskSpec drive = Guests.disk(3, disk);
    assertRaises(Reason.FAILED, () -> guests.compute().plugDisk(HOST, spec.vm(), drive));
    awaitUnlocked(disk.reads().orElseThrow());
    Files.move(aside, top);
    guests.compute().plugDisk(HOST, spec.vm(), drive);
  }
}
