package io.keelson.host.qemu;

import io.keelson.host.Boot;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicSpec;
import io.keelson.host.block.BlockSecret;
import io.keelson.host.qemu.agent.GuestAgent;
import io.keelson.host.qemu.qmp.Json;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A machine as arguments of QEMU.
 *
 * <p>Sockets and logs are named relative to the process's working directory, the domain's folder:
 * the address of a unix socket holds 107 bytes only, and a data folder's path may be longer.
 */
final class CommandLine {
  private static final long MIB = 1 << 20;

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
    this.bootOrder = BootOrder.of(spec);
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
    add("-device", DeviceOptions.device("VGA", "screen", Slots.SCREEN));
    add("-device", DeviceOptions.device("virtio-balloon-pci", "balloon", Slots.BALLOON));
    add("-device", DeviceOptions.device("virtio-serial-pci", "channels", Slots.CHANNELS));
    add("-chardev", "socket,id=agent,path=" + RunFolder.AGENT + ",server=on,wait=off");
    add(
        "-device",
        DeviceOptions.device("virtserialport", GuestAgent.PORT)
            .put("bus", "channels.0")
            .put("chardev", "agent")
            .put("name", "org.qemu.guest_agent.0"));
    add("-device", DeviceOptions.device("pvpanic", "panic"));
  }

  /** Its interface is the one that TPM 2.0 is made for. */
  private void tpm() {
    if (spec.tpm().isPresent()) {
      add("-chardev", "socket,id=tpm-line,path=" + RunFolder.TPM);
      add("-tpmdev", "emulator,id=tpm-back,chardev=tpm-line");
      add("-device", DeviceOptions.device("tpm-crb", "tpm").put("tpmdev", "tpm-back"));
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
            Blockdev.nodes(node, source, DeviceOptions.readOnly(disk))
                .forEach(one -> add("-blockdev", one));
          });
      Json.Builder device =
          switch (disk.kind()) {
            case DISK -> DeviceOptions.disk(disk, node, slot(id), spec.processorsMax());
            case CD -> {
              room(cds, MOST_CDS, "CD drives");
              yield DeviceOptions.cd(disk, node, cds++);
            }
            case FLOPPY -> {
              room(floppies, MOST_FLOPPIES, "floppy drives");
              yield DeviceOptions.floppy(disk, node, floppies++);
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

  private void nic(NicSpec nic) {
    String id = Slots.nicId(nic.device());
    DeviceOptions.netdev(nic).ifPresent(backend -> add("-netdev", backend));
    Json.Builder device = DeviceOptions.nic(nic, slot(id));
    Integer order = bootOrder.get(id);
    // The boot ROM costs time at every start, so only a card that may boot carries it.
    add("-device", order == null ? device.put("romfile", "") : device.put("bootindex", order));
  }

  /** Devices of the host, whole or in part; the screen that every machine has stays the first. */
  private void devices() {
    for (int place = 0; place < spec.devices().size(); place++) {
      String id = Slots.deviceId(place);
      add("-device", DeviceOptions.passed(spec.devices().get(place), id, slot(id)));
    }
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
