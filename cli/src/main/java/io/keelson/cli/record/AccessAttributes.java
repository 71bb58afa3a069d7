package io.keelson.cli.record;

import io.keelson.api.ApiModel;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What commands show of users, roles, secrets, tasks and messages. */
final class AccessAttributes {
  private static final Words AS_THEY_ARE = new Words(Map.of(), Map.of());

  private AccessAttributes() {}

  static List<Attribute> task() {
    return Attributes.of(ApiModel.TASK)
        .show("uuid", "name-label", "name-description")
        .showAs("subtask_of", "subtask_of")
        .showAs("subtasks", "subtasks")
        .show("resident-on", "status", "progress", "type", "result", "created", "finished")
        .showAs("error_info", "error_info")
        .computed(
            "allowed_operations",
            item ->
                Values.texts(item.field("allowed_operations")).stream()
                    .map(Words.TASK_OPERATION::show)
                    .collect(Collectors.joining("; ")))
        .editMap("other-config")
        .list();
  }

  static List<Attribute> message() {
    return Attributes.of(ApiModel.MESSAGE)
        .show("uuid", "name", "priority")
        .showAs("class", "cls")
        .show("obj-uuid", "timestamp", "body")
        .list();
  }

  static List<Attribute> subject() {
    return Attributes.of(ApiModel.SUBJECT)
        .show("uuid", "subject-identifier")
        .map("other-config")
        .computed(
            "roles",
            item ->
                Values.texts(item.field("roles")).stream()
                    .map(role -> item.objects().name("role", role))
                    .collect(Collectors.joining("; ")))
        .list();
  }

  static List<Attribute> role() {
    return Attributes.of(ApiModel.ROLE)
        .show("uuid")
        .showAs("name", "name_label")
        .showAs("description", "name_description")
        .list();
  }

  static List<Attribute> secret() {
    return Attributes.of(ApiModel.SECRET).show("uuid").edit("value").list();
  }

  static List<Attribute> appliance() {
    return Attributes.of(ApiModel.VM_APPLIANCE)
        .show("uuid")
        .edit("name-label", "name-description")
        .set("VMs", "VMs")
        .set("allowed-operations", AS_THEY_ARE)
        .operations("current-operations", AS_THEY_ARE)
        .list();
  }

  static List<Attribute> vmpp() {
    return Attributes.of(ApiModel.VMPP)
        .show("uuid")
        .edit("name-label", "name-description", "is-policy-enabled")
        .edit("backup-type", "backup-retention-value", "backup-frequency")
        .editMap("backup-schedule")
        .show("is-backup-running", "backup-last-run-time")
        .edit("archive-target-type")
        .editMap("archive-target-config")
        .edit("archive-frequency")
        .editMap("archive-schedule")
        .show("is-archive-running", "archive-last-run-time")
        .edit("is-alarm-enabled")
        .editMap("alarm-config")
        .set("VMs", "VMs")
        .list();
  }

  static List<Attribute> drTask() {
    return Attributes.of(ApiModel.DR_TASK).show("uuid", "introduced-SRs").list();
  }
}
