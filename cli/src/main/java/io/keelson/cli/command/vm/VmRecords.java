package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** VMs without disks, made and destroyed as records. */
public final class VmRecords {
  private static final long MIB = 1 << 20;
  private static final long LEAST_MEMORY = 128 * MIB;
  private static final long MOST_MEMORY = 256 * MIB;

  private VmRecords() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-create",
            List.of("name-label"),
            List.of("name-description"),
            "Makes a VM with the usual settings and no disks.",
            VmRecords::create,
            HIDDEN),
        Command.onOne(
            "vm-destroy",
            "Destroys a VM; its disks stay. To remove them too, use vm-uninstall.",
            "VM.destroy"));
  }

  private static void create(Invocation invocation) throws IOException {
    Map<String, Value> vm = new LinkedHashMap<>();
    vm.put("name_label", new Value.Text(invocation.required("name-label")));
    vm.put("name_description", Arguments.text(invocation, "name-description"));
    vm.put("user_version", new Value.Whole(0));
    vm.put("is_a_template", new Value.Flag(false));
    vm.put("affinity", new Value.Text(Ref.none().text()));
    vm.put("memory_static_max", new Value.Whole(MOST_MEMORY));
    vm.put("memory_dynamic_max", new Value.Whole(MOST_MEMORY));
    vm.put("memory_dynamic_min", new Value.Whole(LEAST_MEMORY));
    vm.put("memory_static_min", new Value.Whole(LEAST_MEMORY));
    vm.put("VCPUs_max", new Value.Whole(1));
    vm.put("VCPUs_at_startup", new Value.Whole(1));
    vm.put("actions_after_shutdown", new Value.Text("destroy"));
    vm.put("actions_after_reboot", new Value.Text("restart"));
    vm.put("actions_after_crash", new Value.Text("destroy"));
    for (String empty :
        List.of(
            "PV_bootloader",
            "PV_kernel",
            "PV_ramdisk",
            "PV_args",
            "PV_bootloader_args",
            "PV_legacy_args",
            "HVM_boot_policy",
            "PCI_bus",
            "recommendations")) {
      vm.put(empty, new Value.Text(""));
    }
    for (String empty : List.of("VCPUs_params", "HVM_boot_params", "platform", "other_config")) {
      vm.put(empty, Values.of(Map.of()));
    }
    Results.print(
        invocation,
        "VM",
        Values.text(invocation.call("VM.create", List.of(new Value.Structure(vm)))));
  }
}
