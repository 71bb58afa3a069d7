package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.HIDDEN;
import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.record.ByteCount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The memory of VMs: its limits, its target, and what it costs. */
public final class VmMemory {
  private static final String TARGET = "target";
  private static final String MULTIPLIER = "multiplier";
  private static final String TOTAL = "total";
  private static final String APPROXIMATE = "approximate";

  private VmMemory() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-memory-dynamic-range-set",
            List.of("min", "max"),
            List.of(),
            "Sets between which sizes the memory of VMs may be, while they run or do not. The static"
                + " range must contain them.",
            invocation ->
                set(invocation, "set_memory_dynamic_range", Scope.EVERYTHING, "min", "max"),
            VM_SELECTORS),
        Command.of(
            "vm-memory-static-range-set",
            List.of("min", "max"),
            List.of(),
            "Sets beyond which sizes the memory of VMs never goes, while they do not run. The dynamic"
                + " range must fit in between.",
            invocation ->
                set(invocation, "set_memory_static_range", Scope.EVERYTHING, "min", "max"),
            VM_SELECTORS),
        Command.of(
            "vm-memory-limits-set",
            List.of("static-min", "static-max", "dynamic-min", "dynamic-max"),
            List.of(),
            "Sets all limits of the memory of VMs at once.",
            invocation ->
                set(
                    invocation,
                    "set_memory_limits",
                    Scope.EVERYTHING,
                    "static-min",
                    "static-max",
                    "dynamic-min",
                    "dynamic-max"),
            VM_SELECTORS),
        target("vm-memory-target-set", VM_SELECTORS),
        target("vm-memory-balloon", VM_SELECTORS, HIDDEN),
        Command.of(
            "vm-memory-target-wait",
            List.of(),
            List.of(),
            "Waits until VMs, which run, have as much memory as they are to have.",
            invocation ->
                Selection.ofVms(
                    invocation,
                    Scope.WITH_CONTROL_DOMAINS,
                    Set.of(),
                    vm -> vm.ask("wait_memory_target_live")),
            VM_SELECTORS,
            HIDDEN),
        Command.of(
            "vm-memory-shadow-multiplier-set",
            List.of(MULTIPLIER),
            List.of(),
            "Sets the shadow memory multiplier of VMs.",
            VmMemory::setMultiplier,
            VM_SELECTORS),
        Command.of(
            "vm-compute-memory-overhead",
            List.of(),
            List.of(),
            "Tells how much memory of their hosts VMs cost beside their own.",
            invocation ->
                Selection.ofVms(
                    invocation,
                    Scope.WITH_CONTROL_DOMAINS,
                    Set.of(),
                    vm ->
                        invocation
                            .printer()
                            .list(List.of(Values.text(vm.ask("compute_memory_overhead"))))),
            VM_SELECTORS),
        Command.of(
            "vm-compute-maximum-memory",
            List.of(TOTAL),
            List.of(APPROXIMATE),
            "Tells how much memory VMs can have of a host's total, or with approximate=true a little"
                + " less.",
            VmMemory::maximum,
            STANDARD,
            VM_SELECTORS));
  }

  private static Command target(String name, Command.Mark... marks) {
    return Command.of(
        name,
        List.of(TARGET),
        List.of(),
        "Sets how much memory VMs are to have, whether they run or not.",
        invocation ->
            set(invocation, "set_memory_dynamic_range", Scope.WITH_CONTROL_DOMAINS, TARGET, TARGET),
        marks);
  }

  private static void set(Invocation invocation, String message, Scope scope, String... parameters)
      throws IOException {
    List<Value> sizes = new ArrayList<>();
    for (String parameter : parameters) {
      sizes.add(new Value.Whole(ByteCount.of(parameter, invocation.required(parameter))));
    }
    Selection.ofVms(
        invocation,
        scope,
        Set.copyOf(List.of(parameters)),
        vm -> {
          List<Value> all = new ArrayList<>(List.of(new Value.Text(vm.ref())));
          all.addAll(sizes);
          invocation.call("VM." + message, all);
        });
  }

  private static void setMultiplier(Invocation invocation) throws IOException {
    Value multiplier;
    try {
      multiplier = new Value.Real(Double.parseDouble(invocation.required(MULTIPLIER)));
    } catch (NumberFormatException _) {
      throw CommandException.failed("Failed to parse parameter 'multiplier': expecting a float");
    }
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(MULTIPLIER),
        vm ->
            invocation.call(
                "VM.set_shadow_multiplier_live", List.of(new Value.Text(vm.ref()), multiplier)));
  }

  private static void maximum(Invocation invocation) throws IOException {
    Value total = new Value.Whole(ByteCount.of(TOTAL, invocation.required(TOTAL)));
    Value approximate = Arguments.flag(invocation, APPROXIMATE);
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(TOTAL, APPROXIMATE),
        vm ->
            invocation
                .printer()
                .list(
                    List.of(
                        Values.text(
                            invocation.call(
                                "VM.maximise_memory",
                                List.of(new Value.Text(vm.ref()), total, approximate))))));
  }
}
