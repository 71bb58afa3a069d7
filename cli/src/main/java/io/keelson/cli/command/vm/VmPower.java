package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;
import static io.keelson.cli.command.Selection.Scope.MACHINES;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.ErrorText;
import io.keelson.cli.command.Hosts;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Starting, stopping, pausing and suspending VMs. */
public final class VmPower {
  private static final Value NO = new Value.Flag(false);

  /** Where none has the memory, it is a start on one of them that says so. */
  private static final Set<ErrorCode> OF_PLACEMENT =
      Set.of(ErrorCode.NO_HOSTS_AVAILABLE, ErrorCode.HOST_NOT_ENOUGH_FREE_MEMORY);

  private static final Set<String> PROGRESS = Set.of("progress");

  private VmPower() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-start",
            List.of(),
            List.of("force", "on", "paused"),
            "Starts VMs. A host is chosen for each, unless on=<name or uuid> names one.",
            VmPower::start,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-shutdown",
            List.of(),
            List.of("force"),
            "Shuts VMs down; with --force their power is cut.",
            invocation ->
                work(invocation, invocation.flag("force") ? "hard_shutdown" : "clean_shutdown"),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-reboot",
            List.of(),
            List.of("force"),
            "Reboots VMs; with --force they are reset.",
            invocation ->
                call(invocation, invocation.flag("force") ? "hard_reboot" : "clean_reboot"),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-suspend",
            List.of(),
            List.of(),
            "Saves VMs to disk and stops them.",
            invocation -> work(invocation, "suspend"),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-resume",
            List.of(),
            List.of("force", "on"),
            "Lets suspended VMs go on where they were.",
            VmPower::resume,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-pause",
            List.of(),
            List.of(),
            "Stops VMs where they are; they stay in memory.",
            invocation -> call(invocation, "pause"),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-unpause",
            List.of(),
            List.of(),
            "Lets paused VMs go on.",
            invocation -> call(invocation, "unpause"),
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vm-reset-powerstate",
            List.of(),
            List.of("force"),
            "Takes VMs for halted, whatever runs. Only for VMs whose host is known to be dead.",
            VmPower::reset,
            STANDARD,
            VM_SELECTORS));
  }

  private static void start(Invocation invocation) throws IOException {
    Value paused = new Value.Flag(invocation.flag("paused"));
    Value force = new Value.Flag(invocation.flag("force"));
    Selection.ofVms(
        invocation,
        MACHINES,
        Set.of("on", "paused", "progress"),
        vm -> {
          Value ref = new Value.Text(vm.ref());
          try {
            if (invocation.get("on").isPresent()) {
              Work.done(invocation, "VM.start_on", List.of(ref, host(invocation), paused, force));
            } else {
              Work.done(invocation, "VM.start", List.of(ref, paused, force));
            }
          } catch (ApiError error) {
            explain(invocation, vm, error);
            throw error;
          }
        });
  }

  private static void resume(Invocation invocation) throws IOException {
    Value force = new Value.Flag(invocation.flag("force"));
    Selection.ofVms(
        invocation,
        MACHINES,
        Set.of("on", "progress"),
        vm -> {
          Value ref = new Value.Text(vm.ref());
          try {
            if (invocation.get("on").isPresent()) {
              Work.done(invocation, "VM.resume_on", List.of(ref, host(invocation), NO, force));
            } else {
              Work.done(invocation, "VM.resume", List.of(ref, NO, force));
            }
          } catch (ApiError error) {
            explain(invocation, vm, error);
            throw error;
          }
        });
  }

  /** Where no host takes a VM, each of them has its reason. */
  private static void explain(Invocation invocation, Item vm, ApiError error) throws IOException {
    if (!OF_PLACEMENT.contains(error.code())) {
      return;
    }
    List<Line> reasons = new ArrayList<>();
    for (String host : Values.texts(invocation.call("host.get_all"))) {
      reasons.add(new Line(name(invocation, host), reason(invocation, vm, host)));
    }
    invocation
        .printer()
        .list(
            List.of(
                "There are no suitable hosts to start this VM on.",
                "The following table provides per-host reasons for why the VM could not be"
                    + " started:",
                ""));
    invocation.printer().table(List.of(reasons));
  }

  private static String reason(Invocation invocation, Item vm, String host) {
    try {
      invocation.call("VM.assert_can_boot_here", vm.ref(), host);
      return "";
    } catch (ApiError refused) {
      return ErrorText.inOneLine(refused, invocation.api().server());
    }
  }

  private static String name(Invocation invocation, String host) {
    return Values.text(invocation.call("host.get_name_label", host));
  }

  private static Value host(Invocation invocation) {
    return new Value.Text(Hosts.byNameOrUuid(invocation, invocation.required("on")).ref());
  }

  private static void work(Invocation invocation, String message) throws IOException {
    Selection.ofVms(
        invocation,
        MACHINES,
        PROGRESS,
        vm -> Work.done(invocation, "VM." + message, List.of(new Value.Text(vm.ref()))));
  }

  private static void call(Invocation invocation, String message) throws IOException {
    Selection.ofVms(
        invocation, MACHINES, Set.of(), vm -> invocation.call("VM." + message, vm.ref()));
  }

  private static void reset(Invocation invocation) throws IOException {
    if (invocation.get("force").isEmpty()) {
      throw CommandException.failed(
          "This operation is extremely dangerous and may cause data loss. This operation must be"
              + " forced (use --force).");
    }
    call(invocation, "power_state_reset");
  }
}
