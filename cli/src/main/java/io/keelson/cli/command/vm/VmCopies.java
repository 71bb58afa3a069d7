package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Ref;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Consent;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Clones, copies and snapshots. */
public final class VmCopies {
  private static final String NAME = "new-name-label";
  private static final String DESCRIPTION = "new-name-description";
  private static final String SR = "sr-uuid";
  private static final Set<String> OF_COPIES = Set.of(NAME, DESCRIPTION, SR);

  private VmCopies() {}

  public static List<Command> all() {
    List<String> named = List.of(NAME);
    List<String> described = List.of(DESCRIPTION);
    return List.of(
        Command.of(
            "vm-clone",
            named,
            described,
            "Clones a VM or template, in no time where its disks' repository can.",
            invocation -> make(invocation, "clone", Scope.WITH_TEMPLATES),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-snapshot",
            named,
            described,
            "Snapshots the disks of a VM.",
            invocation -> make(invocation, "snapshot", Scope.MACHINES),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-snapshot-with-quiesce",
            named,
            described,
            "Snapshots the disks of a VM while its guest holds still.",
            invocation -> make(invocation, "snapshot_with_quiesce", Scope.MACHINES),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-checkpoint",
            named,
            described,
            "Snapshots the disks and the memory of a VM.",
            invocation -> make(invocation, "checkpoint", Scope.MACHINES),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-copy",
            named,
            List.of(DESCRIPTION, SR),
            "Copies a VM or template whole, to another repository if one is named.",
            VmCopies::copy,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "snapshot-revert",
            List.of(),
            List.of("uuid", "snapshot-uuid"),
            "Takes a VM back to where it was at a snapshot.",
            invocation -> invocation.call("VM.revert", snapshot(invocation)),
            STANDARD),
        Command.of(
            "snapshot-clone",
            named,
            List.of("uuid", "snapshot-uuid", DESCRIPTION),
            "Makes a template of a snapshot, in no time where its disks' repository can.",
            invocation ->
                fromSnapshot(
                    invocation,
                    ref -> Values.text(invocation.call("VM.clone", ref, name(invocation)))),
            STANDARD),
        Command.of(
            "snapshot-copy",
            named,
            List.of("uuid", "snapshot-uuid", DESCRIPTION, SR),
            "Makes a template of a snapshot, whole, on another repository if one is named.",
            invocation ->
                fromSnapshot(
                    invocation,
                    ref ->
                        Values.text(
                            invocation.call("VM.copy", ref, name(invocation), sr(invocation)))),
            STANDARD),
        Command.of(
            "snapshot-destroy",
            List.of(),
            List.of("uuid", "snapshot-uuid"),
            "Removes a snapshot; its disks stay.",
            VmCopies::destroySnapshot),
        Command.of(
            "snapshot-reset-powerstate",
            List.of(),
            List.of("uuid", "snapshot-uuid", "force"),
            "Takes a snapshot for halted, and its memory image away: it cannot be resumed then.",
            VmCopies::reset,
            STANDARD));
  }

  private static void make(Invocation invocation, String message, Scope scope) throws IOException {
    List<String> made = new ArrayList<>();
    Selection.ofVms(
        invocation,
        scope,
        OF_COPIES,
        vm -> made.add(Values.text(invocation.call("VM." + message, vm.ref(), name(invocation)))));
    tell(invocation, made);
  }

  private static void copy(Invocation invocation) throws IOException {
    List<String> made = new ArrayList<>();
    Selection.ofVm(
        invocation,
        Scope.WITH_TEMPLATES,
        OF_COPIES,
        vm ->
            made.add(
                Values.text(
                    invocation.call("VM.copy", vm.ref(), name(invocation), sr(invocation)))));
    tell(invocation, made);
  }

  private static void fromSnapshot(Invocation invocation, Function<String, String> copy)
      throws IOException {
    tell(invocation, List.of(copy.apply(snapshot(invocation))));
  }

  private static void tell(Invocation invocation, List<String> made) throws IOException {
    invocation
        .get(DESCRIPTION)
        .ifPresent(text -> invocation.call("VM.set_name_description", made.getFirst(), text));
    invocation
        .printer()
        .list(made.stream().map(vm -> Values.text(invocation.call("VM.get_uuid", vm))).toList());
  }

  private static void destroySnapshot(Invocation invocation) {
    String snapshot = snapshot(invocation);
    if (!Values.text(invocation.call("VM.get_power_state", snapshot)).equals("Halted")) {
      invocation.call("VM.hard_shutdown", snapshot);
    }
    invocation.call("VM.destroy", snapshot);
  }

  private static void reset(Invocation invocation) {
    if (!invocation.flag("force")) {
      throw Consent.mustBeForced();
    }
    invocation.call("VM.power_state_reset", snapshot(invocation));
  }

  private static String name(Invocation invocation) {
    return invocation.required(NAME);
  }

  private static String sr(Invocation invocation) {
    return invocation
        .get(SR)
        .map(uuid -> Values.text(invocation.call("SR.get_by_uuid", uuid)))
        .orElse(Ref.none().text());
  }

  static String snapshot(Invocation invocation) {
    String uuid =
        invocation
            .get("snapshot-uuid")
            .or(() -> invocation.get("uuid"))
            .orElseThrow(() ->
                CommandException.failed("Required parameter not found: snapshot-uuid or uuid."));
    return Values.text(invocation.call("VM.get_by_uuid", uuid));
  }
}
