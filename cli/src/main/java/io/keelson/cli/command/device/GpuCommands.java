package io.keelson.cli.command.device;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Graphics processors: those of hosts in groups, and those of VMs. */
public final class GpuCommands {
  private static final String TYPE = "vgpu-type-uuid";

  private GpuCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "gpu-group-create",
            List.of("name-label"),
            List.of("name-description"),
            "Makes a group of GPUs that is empty.",
            GpuCommands::createGroup),
        Command.onOne("gpu-group-destroy", "Removes a group of GPUs.", "GPU_group.destroy"),
        Command.of(
            "gpu-group-get-remaining-capacity",
            List.of("uuid", TYPE),
            List.of(),
            "Tells how many virtual GPUs of a type can be started in a group.",
            GpuCommands::capacity),
        Command.of(
            "vgpu-create",
            List.of("vm-uuid", "gpu-group-uuid"),
            List.of(TYPE),
            "Gives a VM a GPU of a group, or part of one.",
            GpuCommands::create),
        Command.onOne("vgpu-destroy", "Takes a VM's GPU away.", "VGPU.destroy"),
        Command.onOne(
            "pgpu-enable-dom0-access",
            "Lets the host itself use a GPU, from its next start on.",
            "PGPU.enable_dom0_access"),
        Command.onOne(
            "pgpu-disable-dom0-access",
            "Keeps a GPU for VMs, from the host's next start on.",
            "PGPU.disable_dom0_access"));
  }

  private static void createGroup(Invocation invocation) throws IOException {
    Results.print(
        invocation,
        "GPU_group",
        Values.text(
            invocation.call(
                "GPU_group.create",
                List.of(
                    Arguments.text(invocation, "name-label"),
                    Arguments.text(invocation, "name-description"),
                    Values.of(Map.of())))));
  }

  private static void capacity(Invocation invocation) throws IOException {
    invocation
        .printer()
        .list(
            List.of(
                Values.text(
                    invocation.call(
                        "GPU_group.get_remaining_capacity",
                        Arguments.object(invocation, "GPU_group", "uuid"),
                        Arguments.object(invocation, "VGPU_type", TYPE)))));
  }

  private static void create(Invocation invocation) throws IOException {
    String type =
        invocation
            .get(TYPE)
            .map(uuid -> Arguments.byUuid(invocation, "VGPU_type", uuid))
            .orElse(Ref.none().text());
    Results.print(
        invocation,
        "VGPU",
        Values.text(
            invocation.call(
                "VGPU.create",
                List.of(
                    Arguments.reference(invocation, "VM", "vm-uuid"),
                    Arguments.reference(invocation, "GPU_group", "gpu-group-uuid"),
                    new Value.Text(invocation.get("device").orElse("0")),
                    Values.of(Map.of()),
                    new Value.Text(type)))));
  }
}
