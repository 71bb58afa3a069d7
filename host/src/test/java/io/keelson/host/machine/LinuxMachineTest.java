package io.keelson.host.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.keelson.host.DriverException;
import io.keelson.host.Machine.Facts;
import io.keelson.host.Machine.Load;
import io.keelson.host.Machine.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxMachineTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void thisMachineTellsItsFacts() {
    LinuxMachine machine = new LinuxMachine(Optional.empty());
    Facts facts = machine.facts(HOST);
    assertThat(facts.hostname()).isNotEmpty();
    assertThat(facts.memoryTotalBytes()).isGreaterThan(64 << 20);
    assertThat(facts.bootTime()).isBetween(Instant.ofEpochSecond(1), Instant.now());
    assertThat(facts.linuxVersion()).matches("\\d+\\..*");
    assertThat(facts.processors()).isNotEmpty();
    assertThat(facts.sockets()).isBetween(1, facts.processors().size());
    Load load = machine.load(HOST);
    assertThat(load.memoryFreeBytes()).isBetween(1L, facts.memoryTotalBytes());
    assertThat(load.processorUtilisation())
        .isNotEmpty()
        .allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
  }

  @Test
  void theOperatorsCommandNamesTheMachine() throws IOException {
    file("proc/stat", "cpu  1 1 1 1\ncpu0 10 0 10 70 10 0 0 0 5 0\nbtime 1700000000\n");
    file("proc/sys/kernel/hostname", "node1\n");
    String kernel = root.resolve("proc/sys/kernel/hostname").toString();
    LinuxMachine machine =
        new LinuxMachine(root, Optional.of("name() { echo \"$1\" > '" + kernel + "'; }; name"));
    machine.rename(HOST, "node-2");
    assertThat(machine.facts(HOST).hostname()).isEqualTo("node-2");
    LinuxMachine idle = new LinuxMachine(root, Optional.of("true"));
    assertThatThrownBy(() -> idle.rename(HOST, "node-3"))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("node-2");
    LinuxMachine wrong = new LinuxMachine(root, Optional.of("echo no such name >&2; false"));
    assertThatThrownBy(() -> wrong.rename(HOST, "node-3")).hasMessageContaining("no such name");
    LinuxMachine unset = new LinuxMachine(root, Optional.empty());
    assertThatThrownBy(() -> unset.rename(HOST, "node-3"))
        .hasMessageContaining("--hostname-command");
  }

  @Test
  void factsComeFromTheKernelsFiles() throws IOException {
    file("proc/sys/kernel/hostname", "node1\n");
    file("proc/sys/kernel/osrelease", "6.1.0\n");
    file("proc/meminfo", "MemTotal:  1024 kB\nMemFree: 10 kB\nMemAvailable:   512 kB\n");
    file("proc/stat", "cpu  1 1 1 1\ncpu0 10 0 10 70 10 0 0 0 5 0\nbtime 1700000000\n");
    file("etc/os-release", "NAME=\"x\"\nPRETTY_NAME=\"Some Linux 12\"\n");
    file("sys/class/dmi/id/sys_vendor", "ACME Inc.\n");
    file(
        "proc/cpuinfo",
        """
        processor\t: 0
        vendor_id\t: GenuineIntel
        cpu family\t: 6
        model\t\t: 85
        model name\t: Some CPU @ 2.00GHz
        stepping\t: 7
        cpu MHz\t\t: 2000.123
        physical id\t: 0
        flags\t\t: fpu vme

        processor\t: 1
        vendor_id\t: GenuineIntel
        physical id\t: 1
        """);
    LinuxMachine machine = new LinuxMachine(root, Optional.empty());
    Facts facts = machine.facts(HOST);
    assertThat(facts.hostname()).isEqualTo("node1");
    assertThat(facts.distribution()).isEqualTo("Some Linux 12");
    assertThat(facts.bootTime()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThat(facts.memoryTotalBytes()).isEqualTo(1 << 20);
    assertThat(facts.sockets()).isEqualTo(2);
    assertThat(facts.biosStrings()).isEqualTo(Map.of("system-manufacturer", "ACME Inc."));
    assertThat(facts.processors())
        .hasSize(2)
        .first()
        .isEqualTo(
            new Processor(
                0, "GenuineIntel", 2000, "Some CPU @ 2.00GHz", 6, 85, "7", "fpu vme", ""));

    file("proc/stat", "cpu  1 1 1 1\ncpu0 40 0 10 75 15 0 0 0 5 0\n");
    Load load = machine.load(HOST);
    assertThat(load.memoryFreeBytes()).isEqualTo(512 << 10);
    assertThat(load.processorUtilisation().getFirst()).isCloseTo(0.75, within(1e-9));
    assertThat(machine.load(HOST).processorUtilisation()).containsExactly(0.0);
  }

  @Test
  void aControlGroupsLimitCounts() throws IOException {
    file("proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 900000 kB\n");
    file("proc/self/cgroup", "0::/outer/inner\n");
    file("sys/fs/cgroup/outer/inner/memory.max", "max\n");
    file("sys/fs/cgroup/outer/inner/memory.current", "1\n");
    file("sys/fs/cgroup/outer/memory.max", "100000\n");
    file("sys/fs/cgroup/outer/memory.current", "60000\n");
    file("sys/fs/cgroup/outer/memory.stat", "anon 9\ninactive_file 10000\nactive_file 5000\n");
    LinuxMachine machine = new LinuxMachine(root, Optional.empty());
    assertThat(machine.facts(HOST).memoryTotalBytes()).isEqualTo(100_000);
    assertThat(machine.load(HOST).memoryFreeBytes()).isEqualTo(55_000);
  }

  @Test
  void aMachineThatTellsNothingIsNoError() {
    Facts facts = new LinuxMachine(root, Optional.empty()).facts(HOST);
    assertThat(facts.hostname()).isEmpty();
    assertThat(facts.processors()).isEmpty();
    assertThat(facts.biosStrings()).isEmpty();
  }

  @Test
  void stringsOfTheMakerAreRead() throws IOException {
    file("sys/firmware/dmi/entries/11-0/raw", "\u000b\u0005\u0001\u0001\u0002First\0Second\0\0");
    assertThat(new LinuxMachine(root, Optional.empty()).facts(HOST).biosStrings())
        .isEqualTo(Map.of("oem-1", "First", "oem-2", "Second"));
  }
}
