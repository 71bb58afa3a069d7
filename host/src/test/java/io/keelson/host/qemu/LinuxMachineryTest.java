package io.keelson.host.qemu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.Boot;
import io.keelson.host.Domain;
import io.keelson.host.DomainSpec;
import io.keelson.host.GuestFacts;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Linux guest finds in its machine, and how it takes changes to it. */
class LinuxMachineryTest {
  private static final UUID HOST = UUID.randomUUID();
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void aLinuxReadsItsFactsGivesMemoryBackAndTakesAProcessor() throws Exception {
    Path guest = Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"));
    assumeTrue(Files.exists(guest.resolve("initrd")), "./keelson test builds the guest");
    try (QemuCompute compute = QemuCompute.open(folder)) {
      DomainSpec spec = spec(guest);
      Domain domain = compute.start(HOST, spec, false);
      Path serial = domain.consoles().serial().orElseThrow();
      // What is typed waits for the guest only as long as somebody is connected.
      try (SocketChannel line = SocketChannel.open(UnixDomainSocketAddress.of(serial))) {
        see(domain, "keelson-guest:/# ");
        readsItsFacts(domain, line);
        givesMemoryBack(compute, spec.vm());
        takesAProcessor(compute, domain, line);
      } finally {
        compute.destroy(HOST, spec.vm());
      }
    }
  }

  private static DomainSpec spec(Path guest) {
    return new DomainSpec(
        UUID.randomUUID(),
        "linux",
        192 * MIB,
        192 * MIB,
        1,
        2,
        new Boot.Kernel(
            guest.resolve("vmlinuz"),
            Optional.of(guest.resolve("initrd")),
            "console=ttyS0 quiet no_timer_check tsc=reliable"),
        List.of(),
        List.of(),
        new GuestFacts(
            Map.of(
                "bios-vendor", "Vendor, Inc",
                "system-manufacturer", "Maker",
                "system-product-name", "Product",
                "enclosure-asset-tag", "Tag7",
                "oem-1", "a licence"),
            Optional.of(new UUID(1, 2)),
            Map.of("vm-data/greeting", "hello")),
        Map.of("hpet", "false", "timeoffset", "7200"));
  }

  private static void readsItsFacts(Domain domain, SocketChannel line) throws IOException {
    type(line, "cd /sys/class/dmi/id; echo \"dmi\": $(cat bios_vendor sys_vendor product_name)\n");
    see(domain, "dmi: Vendor, Inc Maker Product");
    type(line, "echo \"tag\": $(cat chassis_asset_tag)\n");
    see(domain, "tag: Tag7");
    type(line, "echo \"oem\": $(grep -ac 'a licence' /sys/firmware/dmi/tables/DMI)\n");
    see(domain, "oem: 1");
    type(line, "echo \"acpi\": $(cat /sys/bus/acpi/devices/QEMUVGID*/hid)\n");
    see(domain, "acpi: QEMUVGID");
  }

  private static void givesMemoryBack(QemuCompute compute, UUID vm) {
    compute.setMemoryTarget(HOST, vm, 176 * MIB);
    await().atMost(PATIENCE).until(() -> compute.usage(HOST, vm).memoryActualBytes() <= 176 * MIB);
    compute.setMemoryTarget(HOST, vm, 192 * MIB);
    await().atMost(PATIENCE).until(() -> compute.usage(HOST, vm).memoryActualBytes() == 192 * MIB);
  }

  private static void takesAProcessor(QemuCompute compute, Domain domain, SocketChannel line)
      throws IOException {
    compute.setProcessors(HOST, domain.vm(), 2);
    type(
        line,
        "until echo 1 > /sys/devices/system/cpu/cpu1/online; do sleep 1; done;"
            + " echo \"cpus\": $(cat /sys/devices/system/cpu/online)\n");
    see(domain, "cpus: 0-1");
    assertThat(compute.usage(HOST, domain.vm()).processorSeconds()).hasSize(2);
  }

  private static void type(SocketChannel line, String words) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(words.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      line.write(bytes);
    }
  }

  private static void see(Domain domain, String text) {
    Path log = domain.consoles().serialLog().orElseThrow();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(Files.readString(log, ISO_8859_1)).contains(text));
  }
}
