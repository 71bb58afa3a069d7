package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.ApiError;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Columns;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Repositories;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.command.Work;
import io.keelson.cli.command.device.Drives;
import io.keelson.cli.record.ByteCount;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The disks of VMs, listed, added and removed; CDs are listed the same way. */
public final class VmDisks {
  private static final String DEVICE = "device";
  private static final String SIZE = "disk-size";
  private static final String SR = "sr-uuid";
  private static final String NAME = "Created by xe";
  private static final List<String> SHOWN = List.of("vbd-params", "vdi-params");

  private VmDisks() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-disk-list",
            List.of(),
            SHOWN,
            "Lists the disks of VMs.",
            invocation -> ofVms(invocation, Drives.DISK),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-cd-list",
            List.of(),
            SHOWN,
            "Lists the CD drives of VMs, and what is in them.",
            invocation -> ofVms(invocation, Drives.CD),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "snapshot-disk-list",
            List.of(),
            List.of("uuid", "snapshot-uuid", "vbd-params", "vdi-params"),
            "Lists the disks of a snapshot.",
            invocation ->
                list(
                    invocation,
                    RecordKinds.VM.byRef(invocation.objects(), VmCopies.snapshot(invocation)),
                    Drives.DISK),
            STANDARD),
        Command.of(
            "vm-disk-add",
            List.of(SIZE, DEVICE),
            List.of(SR),
            "Gives VMs a new disk. The VM's parameter allowed-VBD-devices has the devices that are"
                + " free.",
            VmDisks::add,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-disk-remove",
            List.of(DEVICE),
            List.of(),
            "Takes a disk from VMs and destroys it.",
            VmDisks::remove,
            STANDARD,
            VM_SELECTORS));
  }

  private static void ofVms(Invocation invocation, String type) throws IOException {
    Selection.ofVms(
        invocation, Scope.MACHINES, Set.copyOf(SHOWN), vm -> list(invocation, vm, type));
  }

  private static void list(Invocation invocation, Item vm, String type) throws IOException {
    Columns ofDrives =
        type.equals(Drives.CD)
            ? Columns.of(
                invocation, "vbd", "vbd-params", "uuid", "vm-name-label", "userdevice", "empty")
            : Columns.of(invocation, "vbd", "vbd-params", "uuid", "vm-name-label", "userdevice");
    Columns ofDisks =
        Columns.of(
            invocation, "vdi", "vdi-params", "uuid", "name-label", "virtual-size", "sr-name-label");
    int number = 0;
    for (var drive : Drives.of(invocation, vm, type)) {
      String label = type + " " + number;
      invocation.printer().message(label + " VBD:");
      invocation.printer().table(List.of(ofDrives.lines(drive.getKey())));
      if (!Drives.isEmpty(drive.getValue())) {
        invocation.printer().message(label + " VDI:");
        invocation.printer().table(List.of(ofDisks.lines(Drives.text(drive.getValue(), "VDI"))));
      }
      number++;
    }
  }

  private static void add(Invocation invocation) throws IOException {
    long size = ByteCount.of(SIZE, invocation.required(SIZE));
    String sr =
        Repositories.named(
            invocation, SR, "No default Pool SR set; you must specify an SR on the commandline");
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(SR, DEVICE, SIZE),
        vm -> {
          String vdi = create(invocation, vm, sr, size);
          try {
            Map<String, Value> drive =
                Drives.record(vm.ref(), vdi, invocation.required(DEVICE), Drives.DISK, "RW");
            drive.put("other_config", Values.of(Map.of(VmRemoval.OWNER, "")));
            Drives.plug(invocation, vm.ref(), Drives.create(invocation, drive));
          } catch (ApiError refused) {
            invocation.call("VDI.destroy", vdi);
            throw refused;
          }
        });
  }

  private static String create(Invocation invocation, Item vm, String sr, long size)
      throws IOException {
    Map<String, Value> vdi = new LinkedHashMap<>();
    vdi.put("name_label", new Value.Text(NAME));
    vdi.put("name_description", new Value.Text(NAME));
    vdi.put("SR", new Value.Text(sr));
    vdi.put("virtual_size", new Value.Whole(size));
    vdi.put("type", new Value.Text("user"));
    vdi.put("sharable", new Value.Flag(false));
    vdi.put("read_only", new Value.Flag(false));
    vdi.put("other_config", Values.of(Map.of()));
    vdi.put("sm_config", Values.of(Map.of("vmhint", Values.text(vm.field("uuid")))));
    return Results.references(
            Work.done(invocation, "VDI.create", List.of(new Value.Structure(vdi))))
        .getFirst();
  }

  private static void remove(Invocation invocation) throws IOException {
    String device = invocation.required(DEVICE);
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(DEVICE),
        vm -> {
          String drive =
              Drives.of(
                      invocation,
                      vm,
                      Drives.DISK,
                      vbd -> Drives.text(vbd, "userdevice").equals(device))
                  .stream()
                  .findFirst()
                  .orElseThrow(() -> CommandException.failed("Disk not found"));
          String disk = Values.text(invocation.call("VBD.get_VDI", drive));
          invocation.call("VBD.destroy", drive);
          String _ = Work.done(invocation, "VDI.destroy", List.of(new Value.Text(disk)));
        });
  }
}
