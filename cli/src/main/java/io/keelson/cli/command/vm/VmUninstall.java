package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Consent;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Taking VMs, templates and snapshots away with their disks, after a word of the user's. */
public final class VmUninstall {
  private VmUninstall() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-uninstall",
            List.of(),
            List.of("force"),
            "Removes VMs with their snapshots and the disks that are theirs alone. To remove only"
                + " the records of VMs, use vm-destroy.",
            VmUninstall::machines,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "template-uninstall",
            List.of("template-uuid"),
            List.of("force"),
            "Removes a template of one's own with the disks that are its.",
            invocation ->
                uninstall(invocation, List.of(Arguments.object(invocation, "VM", "template-uuid"))),
            STANDARD),
        Command.of(
            "snapshot-uninstall",
            List.of(),
            List.of("uuid", "snapshot-uuid", "force"),
            "Removes a snapshot with the disks that are its. To remove only its record, use"
                + " snapshot-destroy.",
            invocation -> uninstall(invocation, List.of(VmCopies.snapshot(invocation))),
            STANDARD));
  }

  private static void machines(Invocation invocation) throws IOException {
    List<String> vms = new ArrayList<>();
    Selection.ofVms(invocation, Scope.MACHINES, Set.of(), vm -> vms.add(vm.ref()));
    List<String> snapshots = new ArrayList<>();
    for (String vm : vms) {
      snapshots.addAll(Values.texts(invocation.call("VM.get_snapshots", vm)));
    }
    vms.addAll(snapshots);
    uninstall(invocation, vms);
  }

  private static void uninstall(Invocation invocation, List<String> vms) throws IOException {
    List<VmRemoval> removals = vms.stream().map(vm -> new VmRemoval(invocation, vm)).toList();
    invocation.terminal().print("The following items are about to be destroyed");
    for (VmRemoval removal : removals) {
      for (String line : removal.lines()) {
        invocation.terminal().print(line);
      }
    }
    if (!invocation.flag("force")) {
      Consent.to(invocation, List.of());
    }
    Set<String> gone = new HashSet<>();
    for (VmRemoval removal : removals) {
      removal.run(gone);
    }
    invocation.terminal().print("All objects destroyed");
  }
}
