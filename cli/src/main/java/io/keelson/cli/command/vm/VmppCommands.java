package io.keelson.cli.command.vm;

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

/** Policies by which snapshots of VMs are taken and archived. */
public final class VmppCommands {
  private static final String RETENTION = "backup-retention-value";

  private VmppCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vmpp-create",
            List.of("name-label", "backup-type", "backup-frequency"),
            List.of(
                "name-description",
                "is-policy-enabled",
                "backup-schedule:",
                RETENTION,
                "archive-target-type",
                "archive-target-config:",
                "archive-frequency",
                "archive-schedule:",
                "is-alarm-enabled",
                "alarm-config:"),
            "Makes a protection policy: backup-type is snapshot or checkpoint, backup-frequency is"
                + " hourly, daily or weekly. A VM is put under it with vm-param-set"
                + " protection-policy=<uuid>.",
            VmppCommands::create),
        Command.onOne(
            "vmpp-destroy", "Removes a protection policy that no VM is under.", "VMPP.destroy"));
  }

  private static void create(Invocation invocation) throws IOException {
    Map<String, Value> policy = new LinkedHashMap<>();
    policy.put("name_label", Arguments.text(invocation, "name-label"));
    policy.put("name_description", Arguments.text(invocation, "name-description"));
    policy.put("backup_type", Arguments.text(invocation, "backup-type"));
    policy.put("backup_frequency", Arguments.text(invocation, "backup-frequency"));
    for (String map : List.of("backup", "archive")) {
      policy.put(map + "_schedule", Arguments.map(invocation, map + "-schedule"));
    }
    policy.put("archive_target_config", Arguments.map(invocation, "archive-target-config"));
    policy.put("alarm_config", Arguments.map(invocation, "alarm-config"));
    for (String flag : List.of("is-policy-enabled", "is-alarm-enabled")) {
      if (invocation.get(flag).isPresent()) {
        policy.put(flag.replace('-', '_'), Arguments.flag(invocation, flag));
      }
    }
    for (String word : List.of("archive-target-type", "archive-frequency")) {
      invocation
          .get(word)
          .ifPresent(text -> policy.put(word.replace('-', '_'), new Value.Text(text)));
    }
    if (invocation.get(RETENTION).isPresent()) {
      policy.put("backup_retention_value", Arguments.whole(invocation, RETENTION));
    }
    Results.print(
        invocation,
        "VMPP",
        Values.text(invocation.call("VMPP.create", List.of(new Value.Structure(policy)))));
  }
}
