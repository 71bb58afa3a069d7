package io.keelson.cli.command.host;

import static io.keelson.cli.command.Command.Mark.STANDARD;

import io.keelson.api.ApiError;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.ErrorText;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at what may be wrong with a disk, a VM, the licences or the server. */
public final class Diagnostics {
  private static final List<String> NONE = List.of();
  private static final List<String> UUID = List.of("uuid");
  private static final List<String> OF_A_DISK =
      List.of("uuid", "name-label", "sr-uuid", "mode", "read-only", "sharable", "storage-lock");
  private static final List<String> OF_A_DRIVE =
      List.of("uuid", "userdevice", "device", "empty", "mode", "type", "storage-lock");
  private static final List<String> OF_A_VM =
      List.of("uuid", "name-label", "power-state", "possible-hosts");
  private static final List<String> OF_A_VMS_DRIVE =
      List.of(
          "uuid",
          "userdevice",
          "device",
          "vdi-uuid",
          "empty",
          "mode",
          "type",
          "storage-lock",
          "attachable");

  private static final RecordKind DISK = RecordKinds.find("vdi").orElseThrow();
  private static final RecordKind DRIVE = RecordKinds.find("vbd").orElseThrow();

  private Diagnostics() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "diagnostic-vdi-status", UUID, NONE, "Shows who uses a disk.", Diagnostics::disk),
        Command.of(
            "diagnostic-vm-status",
            UUID,
            NONE,
            "Shows where a VM can start, and whether its disks can be attached.",
            Diagnostics::vm,
            STANDARD),
        Command.of(
            "diagnostic-license-status",
            NONE,
            NONE,
            "Shows the licences of all hosts.",
            LicenceTable::show),
        Command.of(
            "diagnostic-compact",
            NONE,
            NONE,
            "Collects the garbage of the server's memory now.",
            Diagnostics::collect),
        Command.of(
            "diagnostic-gc-stats",
            NONE,
            NONE,
            "Shows how much memory the server has, and what it took to collect its garbage.",
            Diagnostics::memory),
        elsewhere("diagnostic-timing-stats"),
        elsewhere("diagnostic-db-stats"),
        elsewhere("diagnostic-net-stats"),
        Command.of(
            "diagnostic-db-log",
            NONE,
            NONE,
            "Says where changes of the database are recorded.",
            _ -> {
              throw CommandException.failed(
                  "There is nothing to turn on: every call that changes something is recorded in"
                      + " the audit log, see audit-log-get.");
            }));
  }

  private static Command elsewhere(String name) {
    return Command.of(
        name,
        NONE,
        NONE,
        "Says where the server shows how often and how long it works.",
        _ -> {
          throw CommandException.failed(
              "The server shows what it counts and measures at GET /metrics, with a session.");
        });
  }

  private static void disk(Invocation invocation) throws IOException {
    Item disk = DISK.byUuid(invocation.objects(), invocation.required("uuid"));
    show(invocation, DISK, disk, OF_A_DISK);
    List<Item> inUse = new ArrayList<>();
    List<Item> others = new ArrayList<>();
    for (String ref : Values.texts(disk.field("VBDs"))) {
      Item drive = drive(invocation, ref);
      (Values.flag(drive.field("currently_attached")) ? inUse : others).add(drive);
    }
    tell(invocation, inUse.isEmpty() ? "no active VBDs." : "active VBDs:");
    for (Item drive : inUse) {
      show(invocation, DRIVE, drive, OF_A_DRIVE);
    }
    if (!others.isEmpty()) {
      tell(invocation, "inactive VBDs:");
      for (Item drive : others) {
        show(invocation, DRIVE, drive, OF_A_DRIVE);
      }
    }
  }

  private static Item drive(Invocation invocation, String ref) {
    return DRIVE.byUuid(invocation.objects(), invocation.objects().uuid("VBD", ref));
  }

  private static void tell(Invocation invocation, String text) throws IOException {
    invocation.printer().list(List.of(text));
  }

  private static void show(Invocation invocation, RecordKind kind, Item item, List<String> names)
      throws IOException {
    invocation
        .printer()
        .table(
            List.of(
                kind.attributes().stream()
                    .filter(attribute -> names.contains(attribute.name()))
                    .map(attribute -> attribute.line(item))
                    .toList()));
  }

  private static void vm(Invocation invocation) throws IOException {
    Item vm = RecordKinds.VM.byUuid(invocation.objects(), invocation.required("uuid"));
    show(invocation, RecordKinds.VM, vm, OF_A_VM);
    tell(invocation, "Checking to see whether disks are attachable");
    for (String ref : Values.texts(vm.field("VBDs"))) {
      show(invocation, DRIVE, drive(invocation, ref), OF_A_VMS_DRIVE);
    }
    tell(invocation, "Checking to see whether VM can boot on each host");
    List<Line> hosts = new ArrayList<>();
    for (String host : Values.texts(invocation.call("host.get_all"))) {
      hosts.add(
          new Line(
              invocation.objects().name("host", host),
              refusal(invocation, "VM.assert_can_boot_here", vm.ref(), host)
                  .map(reason -> "Cannot start here [" + reason + "]")
                  .orElse("OK")));
    }
    invocation.printer().table(List.of(hosts));
    tell(
        invocation,
        refusal(invocation, "VM.assert_agile", vm.ref())
            .map(reason -> "VM is not agile because: " + reason)
            .orElse("VM is agile."));
  }

  private static Optional<String> refusal(Invocation invocation, String message, String... refs) {
    try {
      invocation.call(message, refs);
      return Optional.empty();
    } catch (ApiError error) {
      return Optional.of(ErrorText.inOneLine(error, invocation.api().server()));
    }
  }

  private static void collect(Invocation invocation) {
    Map<String, Value> session =
        Values.members(invocation.call("session.get_record", invocation.api().session()));
    if (!Values.flag(Values.member(session, "is_local_superuser"))) {
      throw CommandException.failed("Only the local superuser may do this.");
    }
    System.gc();
  }

  private static void memory(Invocation invocation) throws IOException {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("heap_used_bytes", Long.toString(heap.getUsed())));
    lines.add(new Line("heap_committed_bytes", Long.toString(heap.getCommitted())));
    lines.add(new Line("heap_max_bytes", Long.toString(heap.getMax())));
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String name = collector.getName().replace(' ', '_');
      lines.add(new Line(name + "_collections", Long.toString(collector.getCollectionCount())));
      lines.add(new Line(name + "_milliseconds", Long.toString(collector.getCollectionTime())));
    }
    invocation.printer().table(List.of(lines));
  }
}
