package io.keelson.host.qemu;

import io.keelson.host.Boot;
import io.keelson.host.DeviceSpec;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import io.keelson.host.block.BlockSecret;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A machine as arguments of QEMU.
 *
 * <p>Sockets and logs are named relative to the process's working directory, the domain's folder:
 * the address of a unix socket holds 107 bytes only, and a data folder's path may be longer.
 */
final class CommandLine {
  private static final long MIB = 1 << 20;
  private static final int USUAL_MTU = 1500;
  private static final int SMALLEST_MTU = 68;
  private static final int MOST_QUEUES = 8;

  /** IDE has two channels of two drives, the only place for CDs. */
  private static final int MOST_CDS = 4;

  private static final int MOST_FLOPPIES = 2;

  private final DomainRecord record;
  private final DomainSpec spec;
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, Integer> bootOrder;

  private CommandLine(DomainRecord record) {
    this.record = record;
    this.spec = record.spec();
    this.bootOrder = bootOrder(spec);
  }

  /**
   * The arguments, without the program.
   *
   * @param incoming whether the machine waits for its memory from a suspend image
   */
  static List<String> of(DomainRecord record, boolean incoming) {
    CommandLine line = new CommandLine(record);
    line.machine();
    line.boot();
    line.clock();
    line.add(GuestFactsOptions.of(line.spec.facts(), line.flag("acpi", true)));
    line.board();
    line.tpm();
    line.drives();
    line.spec.nics().forEach(line::nic);
    line.devices();
    if (incoming) {
      line.add("-incoming", "defer");
    }
    return List.copyOf(line.arguments);
  }

  private void machine() {
    add("-name", "guest=" + escape(spec.name()));
    add("-uuid", spec.vm().toString());
    add("-nodefaults", "-no-user-config", "-S");
    add("-machine", record.machine() + ",usb=off" + without("acpi") + without("hpet"));
    Accelerator accelerator = record.accelerator();
    add(
        "-accel",
        accelerator == Accelerator.TCG
            ? "tcg,thread=multi,tb-size=" + translationMib(spec.memoryMaxBytes())
            : accelerator.option());
    add("-cpu", processorModel(accelerator));
    add("-m", spec.memoryMaxBytes() + "B");
    add("-smp", processors());
    // A guest's reboot or end leaves the process there, stopped, until the driver has decided.
    add("-action", "reboot=shutdown,shutdown=pause,panic=pause");
    // Tells a power-off from a reboot in the log, should nobody listen when it happens.
    add("-trace", "qemu_system_shutdown_request");
    add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
  }

  /** Windows runs better when it is told that it is a guest; only a real hypervisor can. */
  private String processorModel(Accelerator accelerator) {
    String model = accelerator.processorModel() + (flag("nx", true) ? "" : ",nx=off");
    boolean viridian =
        flag("viridian", false)
            && switch (accelerator) {
              case KVM -> true;
              case TCG -> false;
            };
    return viridian
        ? model + ",hv-relaxed=on,hv-vapic=on,hv-spinlocks=0x1fff,hv-vpindex=on,hv-time=on"
        : model;
  }

  /** The guest's clock differs from UTC by so many seconds: Windows keeps local time in it. */
  private void clock() {
    String text = spec.platform().getOrDefault("timeoffset", "");
    if (text.matches("-?[1-9][0-9]{0,8}")) {
      LocalDateTime shown =
          LocalDateTime.now(ZoneOffset.UTC)
              .plusSeconds(Long.parseLong(text))
              .truncatedTo(ChronoUnit.SECONDS);
      add("-rtc", "base=" + shown.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME) + ",clock=host");
    }
  }

  private String processors() {
    String counts = "cpus=" + spec.processors() + ",maxcpus=" + spec.processorsMax();
    int cores = number("cores-per-socket", 0);
    return cores > 0 && spec.processorsMax() % cores == 0
        ? counts + ",sockets=" + spec.processorsMax() / cores + ",cores=" + cores + ",threads=1"
        : counts;
  }

  private void boot() {
    add("-boot", "menu=off,strict=on");
    if (spec.boot() instanceof Boot.Kernel(var kernel, var ramdisk, var words)) {
      add("-kernel", kernel.toString());
      ramdisk.ifPresent(file -> add("-initrd", file.toString()));
      if (!words.isBlank()) {
        add("-append", words);
      }
    }
  }

  /** What every machine has. */
  private void board() {
    add("-chardev", "socket,id=qmp,path=" + RunFolder.QMP + ",server=on,wait=off");
    add("-mon", "chardev=qmp,mode=control");
    add(
        "-chardev",
        "socket,id=serial0,path="
            + RunFolder.SERIAL
            + ",server=on,wait=off,logappend=on,logfile="
            + RunFolder.SERIAL_LOG);
    add("-serial", "chardev:serial0");
    add("-vnc", "unix:" + RunFolder.SCREEN);
    add("-device", device("VGA", "screen").put("addr", hex(Slots.SCREEN)));
    add("-device", device("virtio-balloon-pci", "balloon").put("addr", hex(Slots.BALLOON)));
    add("-device", device("virtio-serial-pci", "channels").put("addr", hex(Slots.CHANNELS)));
    add("-chardev", "socket,id=agent,path=" + RunFolder.AGENT + ",server=on,wait=off");
    add(
        "-device",
        device("virtserialport", GuestAgent.PORT)
            .put("bus", "channels.0")
            .put("chardev", "agent")
            .put("name", "org.qemu.guest_agent.0"));
    add("-device", device("pvpanic", "panic"));
  }

  /** Its interface is the one that TPM 2.0 is made for. */
  private void tpm() {
    if (spec.tpm().isPresent()) {
      add("-chardev", "socket,id=tpm-line,path=" + RunFolder.TPM);
      add("-tpmdev", "emulator,id=tpm-back,chardev=tpm-line");
      add("-device", device("tpm-crb", "tpm").put("tpmdev", "tpm-back"));
    }
  }

  private void drives() {
    int cds = 0;
    int floppies = 0;
    Set<BlockSecret> secrets = new HashSet<>();
    List<DiskSpec> ordered =
        spec.disks().stream().sorted(Comparator.comparingInt(DiskSpec::device)).toList();
    for (DiskSpec disk : ordered) {
      String id = Slots.id(disk);
      String node = id + "-0";
      disk.source()
          .ifPresent(source -> {
            BlockSecret.of(source.location())
                .filter(secrets::add)
                .ifPresent(secret -> add("-object", Json.object(secret.json())));
            Blockdev.nodes(node, source, readOnly(disk)).forEach(one -> add("-blockdev", one));
          });
      Json.Builder device =
          switch (disk.kind()) {
            case DISK -> disk(disk, node, slot(id), spec.processorsMax());
            case CD -> {
              room(cds, MOST_CDS, "CD drives");
              yield removable(disk, "ide-cd", node)
                  .put("bus", "ide." + cds / 2)
                  .put("unit", cds++ % 2);
            }
            case FLOPPY -> {
              room(floppies, MOST_FLOPPIES, "floppy drives");
              yield removable(disk, "floppy", node).put("unit", floppies++);
            }
          };
      Integer order = bootOrder.get(id);
      add("-device", order == null ? device : device.put("bootindex", order));
    }
  }

  private static void room(int taken, int most, String what) {
    if (taken >= most) {
      throw new DriverException(Reason.UNSUPPORTED, "a machine has at most " + most + " " + what);
    }
  }

  /** A disk as the guest sees it, also for plugging one in. */
  static Json.Builder disk(DiskSpec disk, String node, int slot, int processorsMax) {
    if (disk.source().isEmpty()) {
      throw new DriverException(Reason.INVALID, "a disk that cannot be removed is never empty");
    }
    Json.Builder device =
        device("virtio-blk-pci", Slots.id(disk))
            .put("addr", hex(slot))
            .put("drive", node)
            // QEMU's own choice follows the processors on line, which change until a resume.
            .put("num-queues", Math.min(processorsMax, MOST_QUEUES))
            .put("werror", "report")
            .put("rerror", "report");
    return disk.serial().isEmpty() ? device : device.put("serial", disk.serial());
  }

  private static Json.Builder removable(DiskSpec disk, String driver, String node) {
    Json.Builder device = device(driver, Slots.id(disk));
    return disk.source().isPresent() ? device.put("drive", node) : device;
  }

  static boolean readOnly(DiskSpec disk) {
    return disk.readOnly() || disk.kind() == DiskSpec.Kind.CD;
  }

  private void nic(NicSpec nic) {
    String id = Slots.nicId(nic.device());
    netdev(nic).ifPresent(backend -> add("-netdev", backend));
    Json.Builder device = nic(nic, slot(id));
    Integer order = bootOrder.get(id);
    // The boot ROM costs time at every start, so only a card that may boot carries it.
    add("-device", order == null ? device.put("romfile", "") : device.put("bootindex", order));
  }

  /** A network card as the guest sees it, also for plugging one in. */
  static Json.Builder nic(NicSpec nic, int slot) {
    String id = Slots.nicId(nic.device());
    Json.Builder device = device("virtio-net-pci", id).put("addr", hex(slot)).put("mac", nic.mac());
    if (nic.mtu() != USUAL_MTU && nic.mtu() >= SMALLEST_MTU) {
      device.put("host_mtu", nic.mtu());
    }
    return netdev(nic).isPresent() ? device.put("netdev", id + "-net") : device;
  }

  /** What a network card is connected to, empty for nothing. */
  static Optional<Json.Builder> netdev(NicSpec nic) {
    Json.Builder backend = Json.object().put("id", Slots.nicId(nic.device()) + "-net");
    return switch (nic.attachment()) {
      case NicAttachment.Tap(String device) ->
          Optional.of(
              backend
                  .put("type", "tap")
                  .put("ifname", device)
                  .put("script", "no")
                  .put("downscript", "no"));
      case NicAttachment.Multicast(String group, int port) ->
          Optional.of(
              backend
                  .put("type", "dgram")
                  .put("remote", inet(group, port))
                  .put("local", inet("127.0.0.1", 0)));
      case NicAttachment.User() -> Optional.of(backend.put("type", "user"));
      case NicAttachment.Unconnected() -> Optional.empty();
    };
  }

  private static Json inet(String host, int port) {
    return Json.object()
        .put("type", "inet")
        .put("host", host)
        .put("port", Integer.toString(port))
        .build();
  }

  /** Devices of the host, whole or in part; the screen that every machine has stays the first. */
  private void devices() {
    for (int place = 0; place < spec.devices().size(); place++) {
      String id = Slots.deviceId(place);
      Json.Builder device = device("vfio-pci", id).put("addr", hex(slot(id)));
      add(
          "-device",
          switch (spec.devices().get(place)) {
            case DeviceSpec.Whole whole -> device.put("host", whole.address());
            case DeviceSpec.Part part ->
                device.put("sysfsdev", "/sys/bus/mdev/devices/" + part.id());
          });
    }
  }

  /** The place of each device in the firmware's order; devices without one are not tried. */
  private static Map<String, Integer> bootOrder(DomainSpec spec) {
    Map<String, Integer> order = new HashMap<>();
    if (spec.boot() instanceof Boot.Firmware(List<Boot.Device> kinds)) {
      for (Boot.Device kind : kinds) {
        switch (kind) {
          case DISK -> bootable(spec, DiskSpec.Kind.DISK, order);
          case CD -> bootable(spec, DiskSpec.Kind.CD, order);
          case NETWORK ->
              spec.nics().stream()
                  .sorted(Comparator.comparingInt(NicSpec::device))
                  .forEach(nic -> order.putIfAbsent(Slots.nicId(nic.device()), order.size()));
        }
      }
    }
    return order;
  }

  private static void bootable(DomainSpec spec, DiskSpec.Kind kind, Map<String, Integer> order) {
    spec.disks().stream()
        .filter(disk -> disk.kind() == kind && disk.bootable())
        .sorted(Comparator.comparingInt(DiskSpec::device))
        .forEach(disk -> order.putIfAbsent(Slots.id(disk), order.size()));
  }

  /** Room for translated code: what small guests need is little, and each domain pays for it. */
  private static long translationMib(long memoryBytes) {
    return Math.clamp(memoryBytes / MIB / 4, 16, 256);
  }

  private int slot(String id) {
    Integer slot = record.slots().get(id);
    if (slot == null) {
      throw new DriverException(Reason.INVALID, "no slot is chosen for " + id);
    }
    return slot;
  }

  /** Takes a part of the machine away when the platform flag of its name says so. */
  private String without(String part) {
    return flag(part, true) ? "" : "," + part + "=off";
  }

  private boolean flag(String key, boolean otherwise) {
    return switch (spec.platform().getOrDefault(key, "")) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> otherwise;
    };
  }

  private int number(String key, int otherwise) {
    String text = spec.platform().getOrDefault(key, "");
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
  }

  private static Json.Builder device(String driver, String id) {
    return Json.object().put("driver", driver).put("id", id);
  }

  private static String hex(int slot) {
    return "0x" + Integer.toHexString(slot);
  }

  /** A text as the value of an option in QEMU's comma-separated form. */
  private static String escape(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    int end = plain.length() <= 80 ? plain.length() : plain.offsetByCodePoints(0, 40);
    return plain.substring(0, end).replace(",", ",,");
  }

  private void add(String option, Json.Builder value) {
    add(option, value.build().write());
  }

  private void add(List<String> words) {
    arguments.addAll(words);
  }

  private void add(String... words) {
    arguments.addAll(List.of(words));
  }
}
