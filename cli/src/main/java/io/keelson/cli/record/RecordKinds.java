package io.keelson.cli.record;

import io.keelson.api.ApiModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that commands list. */
public final class RecordKinds {
  private static final List<Attribute> VM_ATTRIBUTES = VmAttributes.list();

  /** Machines; templates and snapshots are kinds of their own. */
  public static final RecordKind VM =
      new RecordKind(
          "vm",
          ApiModel.VM,
          "true",
          Map.of("is-a-template", "false"),
          List.of("name-label", "uuid", "power-state"),
          VM_ATTRIBUTES);

  public static final RecordKind HOST =
      RecordKind.of(
          "host", ApiModel.HOST, HostAttributes.host(), "uuid", "name-label", "name-description");

  public static final RecordKind SR =
      RecordKind.of(
          "sr",
          ApiModel.SR,
          StorageAttributes.sr(),
          "uuid",
          "name-label",
          "name-description",
          "host",
          "type",
          "content-type");

  private static final RecordKind TEMPLATE =
      new RecordKind(
          "template",
          ApiModel.VM,
          "true",
          Map.of("is-a-template", "true", "is-a-snapshot", "false"),
          List.of("name-label", "name-description", "uuid"),
          VM_ATTRIBUTES);

  private static final RecordKind SNAPSHOT =
      new RecordKind(
          "snapshot",
          ApiModel.VM,
          "true",
          Map.of("is-a-snapshot", "true"),
          List.of("name-label", "name-description", "uuid", "snapshot_of", "snapshot_time"),
          VM_ATTRIBUTES);

  /** Dumps of VMs' crashes, which only vm-crashdump-list shows. */
  public static final RecordKind CRASHDUMP =
      RecordKind.of("crashdump", ApiModel.CRASHDUMP, StorageAttributes.crashdump());

  /** The roles that a person can have; the others are permissions. */
  private static final RecordKind ROLE =
      new RecordKind(
          "role",
          ApiModel.ROLE,
          "not field \"subroles\" = \"\"",
          Map.of(),
          List.of("uuid", "name", "description", "subroles"),
          AccessAttributes.role());

  /** All of them. */
  public static final List<RecordKind> ALL =
      List.of(
          RecordKind.of(
              "pool",
              ApiModel.POOL,
              HostAttributes.pool(),
              "uuid",
              "name-label",
              "name-description",
              "master",
              "default-SR"),
          RecordKind.of(
              "pif",
              ApiModel.PIF,
              NetworkAttributes.pif(),
              "uuid",
              "device",
              "VLAN",
              "mac",
              "network-uuid",
              "currently-attached"),
          RecordKind.of(
              "bond", ApiModel.BOND, NetworkAttributes.bond(), "uuid", "master", "slaves"),
          RecordKind.of(
              "vlan",
              ApiModel.VLAN,
              NetworkAttributes.vlan(),
              "uuid",
              "tagged-PIF",
              "untagged-PIF",
              "tag"),
          RecordKind.of(
              "tunnel",
              ApiModel.TUNNEL,
              NetworkAttributes.tunnel(),
              "uuid",
              "transport-PIF",
              "access-PIF",
              "status"),
          RecordKind.of(
              "vif",
              ApiModel.VIF,
              NetworkAttributes.vif(),
              "uuid",
              "device",
              "vm-uuid",
              "network-uuid"),
          RecordKind.of(
              "network",
              ApiModel.NETWORK,
              NetworkAttributes.network(),
              "uuid",
              "name-label",
              "name-description",
              "bridge"),
          RecordKind.of(
              "console",
              ApiModel.CONSOLE,
              NetworkAttributes.console(),
              "uuid",
              "vm-uuid",
              "vm-name-label",
              "protocol",
              "location"),
          VM,
          TEMPLATE,
          SNAPSHOT,
          HOST,
          RecordKind.of(
              "host-cpu",
              ApiModel.HOST_CPU,
              HostAttributes.cpu(),
              "uuid",
              "number",
              "vendor",
              "speed",
              "utilisation"),
          RecordKind.of(
              "host-crashdump",
              ApiModel.HOST_CRASHDUMP,
              HostAttributes.crashdump(),
              "uuid",
              "host",
              "timestamp",
              "size"),
          RecordKind.of(
              "patch",
              ApiModel.POOL_PATCH,
              HostAttributes.patch(),
              "uuid",
              "name-label",
              "name-description",
              "size",
              "hosts",
              "after-apply-guidance"),
          RecordKind.of(
              "vdi",
              ApiModel.VDI,
              StorageAttributes.vdi(),
              "uuid",
              "name-label",
              "name-description",
              "virtual-size",
              "read-only",
              "sharable",
              "sr-uuid"),
          RecordKind.of(
              "vbd",
              ApiModel.VBD,
              StorageAttributes.vbd(),
              "uuid",
              "vm-uuid",
              "vm-name-label",
              "vdi-uuid",
              "device",
              "empty"),
          SR,
          RecordKind.of(
              "sm",
              ApiModel.SM,
              StorageAttributes.sm(),
              "uuid",
              "type",
              "name-label",
              "name-description",
              "vendor",
              "copyright",
              "configuration"),
          RecordKind.of(
              "pbd",
              ApiModel.PBD,
              StorageAttributes.pbd(),
              "uuid",
              "host-uuid",
              "sr-uuid",
              "device-config",
              "currently-attached"),
          RecordKind.of(
              "task",
              ApiModel.TASK,
              AccessAttributes.task(),
              "uuid",
              "name-label",
              "name-description",
              "status",
              "progress"),
          RecordKind.of(
              "subject",
              ApiModel.SUBJECT,
              AccessAttributes.subject(),
              "uuid",
              "subject-identifier",
              "other-config",
              "roles"),
          ROLE,
          RecordKind.of("message", ApiModel.MESSAGE, AccessAttributes.message()),
          RecordKind.of("secret", ApiModel.SECRET, AccessAttributes.secret()),
          RecordKind.of("appliance", ApiModel.VM_APPLIANCE, AccessAttributes.appliance()),
          RecordKind.of("vmpp", ApiModel.VMPP, AccessAttributes.vmpp()),
          RecordKind.of(
              "pgpu",
              ApiModel.PGPU,
              GpuAttributes.pgpu(),
              "uuid",
              "vendor-name",
              "device-name",
              "gpu-group-uuid"),
          RecordKind.of(
              "gpu-group",
              ApiModel.GPU_GROUP,
              GpuAttributes.group(),
              "uuid",
              "name-label",
              "name-description"),
          RecordKind.of(
              "vgpu",
              ApiModel.VGPU,
              GpuAttributes.vgpu(),
              "uuid",
              "vm-uuid",
              "device",
              "gpu-group-uuid"),
          RecordKind.of(
              "vgpu-type",
              ApiModel.VGPU_TYPE,
              GpuAttributes.type(),
              "uuid",
              "vendor-name",
              "model-name",
              "max-resolution",
              "max-heads"),
          RecordKind.of("drtask", ApiModel.DR_TASK, AccessAttributes.drTask()));

  private RecordKinds() {}

  /** The kind whose commands begin with a name. */
  public static Optional<RecordKind> find(String name) {
    return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }
}
