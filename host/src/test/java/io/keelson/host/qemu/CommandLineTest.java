package io.keelson.host.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.Boot;
import io.keelson.host.DeviceSpec;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import io.keelson.host.qemu.qmp.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every machine's command line and record. */
class CommandLineTest {

  @Property(tries = 300)
  void aRecordIsReadAsItWasWritten(@ForAll("records") DomainRecord record) {
    byte[] text = DomainRecordJson.write(record).write().getBytes(StandardCharsets.UTF_8);
    assertThat(DomainRecordJson.read(Json.parse(text, 0, text.length))).isEqualTo(record);
  }

  @Property(tries = 300)
  void everyDeviceHasItsOwnNameAndPlace(@ForAll("records") DomainRecord record) {
    List<String> line = CommandLine.of(record, false);
    List<Json.Members> devices = values(line, "-device");
    assertThat(devices).extracting(d -> d.text("id")).doesNotHaveDuplicates();
    assertThat(devices.stream().map(d -> d.text("addr")).flatMap(Optional::stream))
        .doesNotHaveDuplicates();
    assertThat(devices.stream().filter(d -> d.get("bootindex").isPresent()))
        .extracting(d -> d.number("bootindex", -1))
        .doesNotHaveDuplicates();
    assertThat(devices.stream().filter(d -> d.text("driver").equals(Optional.of("ide-cd"))))
        .extracting(d -> d.text("bus").orElseThrow() + d.number("unit", -1))
        .doesNotHaveDuplicates();

    List<Optional<String>> nodes = new ArrayList<>();
    values(line, "-blockdev").forEach(image -> nodes.add(image.text("node-name")));
    assertThat(nodes).doesNotHaveDuplicates();
    assertThat(devices.stream().map(d -> d.text("drive")).filter(Optional::isPresent).toList())
        .containsExactlyInAnyOrderElementsOf(nodes);
  }

  @Property(tries = 300)
  void theMachineIsNamedAndHeldAndKeptFromTheHost(@ForAll("records") DomainRecord record) {
    List<String> line = CommandLine.of(record, true);
    assertThat(line).doesNotContain("").noneMatch(word -> word.indexOf('\0') >= 0);
    assertThat(after(line, "-uuid")).isEqualTo(record.spec().vm().toString());
    assertThat(after(line, "-action")).contains("reboot=shutdown", "shutdown=pause", "panic=pause");
    assertThat(after(line, "-sandbox")).contains("spawn=deny");
    assertThat(after(line, "-incoming")).isEqualTo("defer");
    String name = after(line, "-name").substring("guest=".length());
    assertThat(name.replace(",,", "")).doesNotContain(",");
    assertThat(line).contains("-S", "-nodefaults", "-no-user-config");
    for (String part : List.of("acpi", "hpet")) {
      String wanted = record.spec().platform().getOrDefault(part, "true");
      assertThat(after(line, "-machine").contains("," + part + "=off"))
          .isEqualTo(wanted.equals("0") || wanted.equals("false"));
    }
  }

  @Property(tries = 200)
  void whatIsReadOnlyIsNeverOpenedForWriting(@ForAll("records") DomainRecord record) {
    List<Json.Members> images = values(CommandLine.of(record, false), "-blockdev");
    for (DiskSpec disk : record.spec().disks()) {
      images.stream()
          .filter(i -> i.text("node-name").equals(Optional.of(Slots.id(disk) + "-0")))
          .forEach(image -> {
            boolean readOnly = disk.readOnly() || disk.kind() == DiskSpec.Kind.CD;
            assertThat(image.isTrue("read-only")).isEqualTo(readOnly);
            assertThat(image.members("file").isTrue("read-only")).isEqualTo(readOnly);
          });
    }
  }

  private static List<Json.Members> values(List<String> line, String option) {
    List<Json.Members> values = new ArrayList<>();
    for (int n = 0; n + 1 < line.size(); n++) {
      if (line.get(n).equals(option) && line.get(n + 1).startsWith("{")) {
        byte[] text = line.get(n + 1).getBytes(StandardCharsets.UTF_8);
        values.add((Json.Members) Json.parse(text, 0, text.length));
      }
    }
    return values;
  }

  private static String after(List<String> line, String option) {
    return line.get(line.indexOf(option) + 1);
  }

  @Provide
  Arbitrary<DomainRecord> records() {
    return Combinators.combine(
            specs(),
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            Arbitraries.of(Accelerator.class),
            Arbitraries.longs().between(0, 4_000_000_000L).optional())
        .as((spec, domid, accelerator, asked) ->
            new DomainRecord(
                domid,
                spec,
                Slots.assign(spec),
                "pc",
                accelerator,
                asked.map(Instant::ofEpochSecond)));
  }

  private static Arbitrary<DomainSpec> specs() {
    Arbitrary<Integer> processors = Arbitraries.integers().between(1, 16);
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(100),
            Arbitraries.longs().between(8 << 20, 1L << 40),
            processors,
            boots(),
            disks()
                .list()
                .ofMaxSize(15)
                .uniqueElements(DiskSpec::device)
                .filter(CommandLineTest::fits),
            nics().list().ofMaxSize(7).uniqueElements(NicSpec::device),
            Arbitraries.maps(
                    Arbitraries.of("acpi", "hpet", "cores-per-socket", "viridian"),
                    Arbitraries.of("0", "1", "true", "false", "2", "x"))
                .ofMaxSize(3),
            hostDevices().list().ofMaxSize(4))
        .as((name, memory, count, boot, disks, nics, platform, devices) ->
            new DomainSpec(
                    UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                    name,
                    memory,
                    memory / 2,
                    count,
                    count + 2,
                    boot,
                    disks,
                    nics,
                    platform)
                .with(changes -> changes.devices(devices)));
  }

  private static Arbitrary<DeviceSpec> hostDevices() {
    Arbitrary<String> addresses =
        Arbitraries.integers().between(0, 31).map("0000:41:%02x.0"::formatted);
    return Arbitraries.oneOf(
        Combinators.combine(addresses, Arbitraries.of(true, false)).as(DeviceSpec.Whole::new),
        Combinators.combine(
                Arbitraries.create(UUID::randomUUID), addresses, Arbitraries.of("nvidia-1", "a:b"))
            .as(DeviceSpec.Part::new));
  }

  /** As many CDs and floppies as a machine has room for. */
  private static boolean fits(List<DiskSpec> disks) {
    return disks.stream().filter(d -> d.kind() == DiskSpec.Kind.CD).count() <= 4
        && disks.stream().filter(d -> d.kind() == DiskSpec.Kind.FLOPPY).count() <= 2;
  }

  private static Arbitrary<Boot> boots() {
    Arbitrary<Boot> firmware =
        Arbitraries.of(Boot.Device.class)
            .list()
            .ofMaxSize(4)
            .map(order -> (Boot) new Boot.Firmware(order));
    Arbitrary<Boot> kernel =
        Arbitraries.strings()
            .ofMaxLength(50)
            .excludeChars('\0')
            .map(words ->
                new Boot.Kernel(
                    Path.of("/boot/vmlinuz"), Optional.of(Path.of("/boot/initrd")), words));
    return Arbitraries.oneOf(firmware, kernel);
  }

  private static Arbitrary<DiskSpec> disks() {
    Arbitrary<DiskSource> sources =
        Combinators.combine(
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8),
                Arbitraries.of(DiskSource.Format.class))
            .as((name, format) -> new DiskSource("/srv/a,b \"" + name, format));
    return Combinators.combine(
            Arbitraries.integers().between(0, 254),
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(6, DiskSpec.Kind.DISK),
                net.jqwik.api.Tuple.of(1, DiskSpec.Kind.CD),
                net.jqwik.api.Tuple.of(1, DiskSpec.Kind.FLOPPY)),
            sources,
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.strings().alpha().ofMaxLength(20))
        .as((device, kind, source, readOnly, bootable, serial) ->
            new DiskSpec(
                device,
                kind,
                kind == DiskSpec.Kind.DISK || bootable ? Optional.of(source) : Optional.empty(),
                readOnly,
                bootable,
                serial));
  }

  private static Arbitrary<NicSpec> nics() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 15),
            Arbitraries.of(
                new NicAttachment.User(),
                new NicAttachment.Unconnected(),
                new NicAttachment.Tap("tap0"),
                new NicAttachment.Multicast("239.255.0.1", 5000)),
            Arbitraries.of(1500, 9000))
        .as((device, to, mtu) -> new NicSpec(device, "02:00:00:00:00:01", mtu, to));
  }

  @Property(tries = 1)
  void aMachineWithoutRoomIsRefused() {
    List<NicSpec> nics = new ArrayList<>();
    for (int n = 0; n < 28; n++) {
      nics.add(new NicSpec(n, "02:00:00:00:00:01", 1500, new NicAttachment.User()));
    }
    DomainSpec spec = Guests.spec(UUID.randomUUID(), List.of(), nics);
    Guests.assertRaises(
        io.keelson.host.DriverException.Reason.UNSUPPORTED, () -> Slots.assign(spec));
    assertThat(Slots.assign(Guests.spec(spec.vm(), List.of(), nics.subList(0, 27)))).hasSize(27);
    assertThat(Map.copyOf(Slots.assign(spec(spec, nics.subList(0, 2))))).containsEntry("nic1", 6);
  }

  private static DomainSpec spec(DomainSpec spec, List<NicSpec> nics) {
    return spec.with(changes -> changes.nics(nics));
  }

  @Property(tries = 1)
  void theBootSectorIsOne() {
    byte[] sector = BootSector.bytes();
    assertThat(sector).hasSize(512);
    assertThat(sector[510]).isEqualTo((byte) 0x55);
    assertThat(sector[511]).isEqualTo((byte) 0xaa);
  }
}
