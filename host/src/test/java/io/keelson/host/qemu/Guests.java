package io.keelson.host.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.Boot;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A driver over a folder of its own, what it told its listener, and guests to run on it. */
final class Guests implements AutoCloseable {
  static final UUID HOST = UUID.fromString("00000000-0000-4000-8000-000000000001");
  static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  record Told(UUID vm, Change change) {}

  private final Path data;
  private final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private QemuCompute compute;

  Guests(Path data) {
    this.data = data;
    this.compute = open();
  }

  private QemuCompute open() {
    QemuSettings usual = QemuSettings.usual();
    QemuCompute opened =
        QemuCompute.open(
            data,
            new QemuSettings(
                usual.program(),
                usual.tpm(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofMillis(500)));
    opened.listen((host, vm, change) -> told.add(new Told(vm, change)));
    return opened;
  }

  QemuCompute compute() {
    return compute;
  }

  /** Another server takes over; the one before closes when it is orderly, else just stops. */
  List<Domain> takeOver(boolean orderly) {
    if (orderly) {
      compute.close();
    }
    compute = open();
    return compute.adopt(HOST);
  }

  /** A machine with nothing but a boot sector on disk 0. */
  DomainSpec guest() {
    UUID vm = UUID.randomUUID();
    return spec(vm, List.of(bootDisk(vm)), List.of());
  }

  DiskSpec bootDisk(UUID vm) {
    Path disk = data.resolve(vm + ".img");
    try {
      BootSector.writeDisk(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk(0, new DiskSource(disk.toString(), DiskSource.Format.RAW));
  }

  static DiskSpec disk(int device, DiskSource source) {
    return new DiskSpec(
        device, DiskSpec.Kind.DISK, Optional.of(source), false, device == 0, "disk-" + device);
  }

  static DomainSpec spec(UUID vm, List<DiskSpec> disks, List<NicSpec> nics) {
    return spec(vm, disks, nics, Map.of());
  }

  static DomainSpec spec(
      UUID vm, List<DiskSpec> disks, List<NicSpec> nics, Map<String, String> platform) {
    return new DomainSpec(
        vm,
        "guest, of a test",
        16 * MIB,
        16 * MIB,
        1,
        2,
        new Boot.Firmware(List.of(Boot.Device.CD, Boot.Device.DISK)),
        disks,
        nics,
        platform);
  }

  /** Starts a guest and waits until it is up. */
  Domain running(DomainSpec spec) {
    Domain domain = compute.start(HOST, spec, false);
    awaitReady(domain);
    return domain;
  }

  static void awaitReady(Domain domain) {
    until(() -> serialLog(domain).contains(BootSector.READY));
  }

  static String serialLog(Domain domain) {
    try {
      return Files.readString(
          domain.consoles().serialLog().orElseThrow(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Says something to the guest's serial port and hears its answer of one letter. */
  static char say(Domain domain, char letter) {
    try (SocketChannel serial = serial(domain)) {
      serial.write(ByteBuffer.wrap(new byte[] {(byte) letter}));
      ByteBuffer answer = ByteBuffer.allocate(1);
      assertThat(serial.read(answer)).isEqualTo(1);
      return (char) answer.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says something that gets no answer. */
  static void tell(Domain domain, char letter) {
    try (SocketChannel serial = serial(domain)) {
      serial.write(ByteBuffer.wrap(new byte[] {(byte) letter}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SocketChannel serial(Domain domain) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(domain.consoles().serial().orElseThrow()));
  }

  void awaitTold(UUID vm, Change change) throws InterruptedException {
    Told next = told.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(next).isEqualTo(new Told(vm, change));
  }

  void assertNothingTold() {
    assertThat(told).isEmpty();
  }

  Domain.State state(UUID vm) {
    return compute.find(HOST, vm).orElseThrow().state();
  }

  /** The process of a domain, found by what the kernel says. */
  ProcessHandle process(UUID vm) {
    return processes(vm).getFirst();
  }

  List<ProcessHandle> processes(UUID vm) {
    return ProcessHandle.allProcesses()
        .filter(handle -> commandLine(handle).contains(vm.toString()))
        .toList();
  }

  private static String commandLine(ProcessHandle handle) {
    try {
      return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  static void signal(ProcessHandle process, String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  Path folder(UUID vm) {
    return data.resolve("run/domains").resolve(vm.toString());
  }

  Path data() {
    return data;
  }

  static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  static void assertRaises(Reason reason, ThrowingCallable call) {
    org.assertj.core.api.Assertions.assertThatExceptionOfType(DriverException.class)
        .isThrownBy(call)
        .satisfies(
            e -> assertThat(e.reason()).as(String.valueOf(e.getMessage())).isEqualTo(reason));
  }

  /** Runs a program that must succeed. */
  static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** Makes a disk image with qemu-img. */
  static DiskSource qcow2(Path file, String... more) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(List.of("qemu-img", "create", "-q", "-f", "qcow2"));
    command.addAll(List.of(more));
    command.add(file.toString());
    if (more.length == 0) {
      command.add("4M");
    }
    Process create = new ProcessBuilder(command).inheritIO().start();
    assertThat(create.waitFor()).isZero();
    return new DiskSource(file.toString(), DiskSource.Format.QCOW2);
  }

  @Override
  public void close() {
    for (Domain domain : compute.adopt(HOST)) {
      try {
        compute.destroy(HOST, domain.vm());
      } catch (DriverException e) {
        // It has just ended.
      }
    }
    compute.close();
  }
}
