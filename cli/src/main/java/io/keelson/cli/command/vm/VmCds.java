package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Columns;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.command.device.Drives;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** CDs: which there are, and VMs' drives for them. */
public final class VmCds {
  private static final String NAME = "cd-name";
  private static final String DEVICE = "device";
  private static final String EMPTY = "<EMPTY>";

  private VmCds() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "cd-list",
            List.of(),
            List.of("params"),
            "Lists the CDs that VMs can have.",
            VmCds::list,
            STANDARD),
        Command.of(
            "vm-cd-add",
            List.of(NAME, DEVICE),
            List.of(),
            "Gives VMs a new drive with a CD in it. The VM's parameter allowed-VBD-devices has the"
                + " devices that are free.",
            VmCds::add,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-cd-remove",
            List.of(NAME),
            List.of(),
            "Takes from VMs the drive that has a CD in it; of empty drives the name is <EMPTY>.",
            VmCds::remove,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-cd-insert",
            List.of(NAME),
            List.of(),
            "Puts a CD into the one empty drive of VMs. Where there are more, use vbd-insert.",
            VmCds::insert,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-cd-eject",
            List.of(),
            List.of(),
            "Empties the one CD drive of VMs. Where there are more, use vbd-eject.",
            VmCds::eject,
            STANDARD,
            VM_SELECTORS));
  }

  private static void list(Invocation invocation) throws IOException {
    Columns columns = Columns.of(invocation, "vdi", "params", "name-label", "uuid");
    invocation
        .printer()
        .table(
            Values.members(invocation.call("SR.get_all_records")).values().stream()
                .map(Values::members)
                .filter(sr -> Drives.text(sr, "content_type").equals("iso"))
                .flatMap(sr -> Values.texts(Values.member(sr, "VDIs")).stream())
                .map(columns::lines)
                .toList());
  }

  private static List<String> named(Invocation invocation, String name) {
    return Values.texts(invocation.call("VDI.get_by_name_label", name)).stream()
        .filter(vdi -> isCd(invocation, vdi))
        .toList();
  }

  private static boolean isCd(Invocation invocation, String vdi) {
    String sr = Values.text(invocation.call("VDI.get_SR", vdi));
    return Values.text(invocation.call("SR.get_content_type", sr)).equals("iso");
  }

  private static void add(Invocation invocation) throws IOException {
    String name = invocation.required(NAME);
    List<String> cds = named(invocation, name);
    if (cds.isEmpty()) {
      throw CommandException.failed("CD " + name + " not found!");
    }
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(NAME, DEVICE, "cd-location"),
        vm ->
            Drives.plug(
                invocation,
                vm.ref(),
                Drives.create(
                    invocation,
                    Drives.record(
                        vm.ref(), cds.getFirst(), invocation.required(DEVICE), Drives.CD, "RO"))));
  }

  private static void remove(Invocation invocation) throws IOException {
    String name = invocation.required(NAME);
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(NAME),
        vm -> {
          String drive =
              Drives.of(invocation, vm, Drives.CD, vbd -> holds(invocation, vbd, name)).stream()
                  .findFirst()
                  .orElseThrow(() -> CommandException.failed("Disk not found"));
          invocation.call("VBD.destroy", drive);
        });
  }

  private static boolean holds(Invocation invocation, Map<String, Value> drive, String name) {
    if (Drives.isEmpty(drive)) {
      return name.equals(EMPTY);
    }
    String vdi = Drives.text(drive, "VDI");
    try {
      return Values.text(invocation.call("VDI.get_name_label", vdi)).equals(name)
          && isCd(invocation, vdi);
    } catch (ApiError error) {
      if (error.code() == ErrorCode.HANDLE_INVALID) {
        return false;
      }
      throw error;
    }
  }

  private static void insert(Invocation invocation) throws IOException {
    String name = invocation.required(NAME);
    List<String> cds = named(invocation, name);
    if (cds.isEmpty()) {
      throw CommandException.failed("CD " + name + " not found");
    }
    if (cds.size() > 1) {
      throw CommandException.failed(
          "Multiple CDs named " + name + " found. Please use vbd-insert and specify uuids");
    }
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(NAME),
        vm ->
            invocation.call(
                "VBD.insert",
                only(
                    Drives.of(invocation, vm, Drives.CD, Drives::isEmpty),
                    "No empty CD devices found",
                    "Two or more empty CD devices found. Please use vbd-insert"),
                cds.getFirst()));
  }

  private static void eject(Invocation invocation) throws IOException {
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(),
        vm ->
            invocation.call(
                "VBD.eject",
                only(
                    Drives.of(invocation, vm, Drives.CD, _ -> true),
                    "No CDs found",
                    "Two or more CDs found. Please use vbd-eject")));
  }

  private static String only(List<String> drives, String none, String several) {
    return switch (drives.size()) {
      case 0 -> throw CommandException.failed(none);
      case 1 -> drives.getFirst();
      default -> throw CommandException.failed(several);
    };
  }
}
