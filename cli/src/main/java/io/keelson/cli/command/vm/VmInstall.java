package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Repositories;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Making VMs of templates. */
public final class VmInstall {
  private static final String DESCRIPTION = "Installed via xe CLI";
  private static final String DISKS = "disks";
  private static final String SR_NAME = "sr-name-label";
  private static final String SR_UUID = "sr-uuid";
  private static final String BIOS = "copy-bios-strings-from";
  private static final List<Parameter> TEMPLATES =
      List.of(new Parameter("is-a-template", "true"), new Parameter("is-control-domain", "false"));

  private VmInstall() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-install",
            List.of("new-name-label"),
            List.of(SR_NAME, SR_UUID, "template", BIOS),
            "Makes a VM of a template, which template=<name or uuid> names.",
            VmInstall::install,
            STANDARD));
  }

  private static void install(Invocation invocation) throws IOException {
    String template = template(invocation);
    if (!Values.flag(invocation.call("VM.get_is_a_template", template))) {
      throw CommandException.failed("Can only install from templates");
    }
    Optional<String> sr = repository(invocation, template);
    Optional<String> host =
        invocation.get(BIOS).map(uuid -> Arguments.byUuid(invocation, "host", uuid));
    String disks = disks(invocation, template);
    String home = disks.isEmpty() ? "" : home(invocation, sr);
    String name = invocation.required("new-name-label");
    String vm =
        sr.isPresent()
            ? Values.text(invocation.call("VM.copy", template, name, sr.get()))
            : Values.text(invocation.call("VM.clone", template, name));
    try {
      invocation.call("VM.set_name_description", vm, DESCRIPTION);
      invocation.call(
          "VM.set_suspend_SR",
          vm,
          sr.orElseGet(() -> Values.text(invocation.call("VM.get_suspend_SR", template))));
      if (!disks.isEmpty()) {
        invocation.call("VM.remove_from_other_config", vm, DISKS);
        invocation.call("VM.add_to_other_config", vm, DISKS, WantedDisks.movedTo(home, disks));
      }
      String _ = Work.done(invocation, "VM.provision", List.of(new Value.Text(vm)));
      host.ifPresent(from -> invocation.call("VM.copy_bios_strings", vm, from));
    } catch (ApiError error) {
      new VmRemoval(invocation, vm).run(new HashSet<>());
      throw error;
    }
    Results.print(invocation, "VM", vm);
  }

  private static String template(Invocation invocation) {
    Optional<String> uuid = invocation.get("template-uuid");
    if (uuid.isPresent()) {
      return byUuid(invocation, uuid.get())
          .orElseThrow(() -> CommandException.failed("Cannot find template"));
    }
    Optional<String> name =
        invocation.get("template-name-label").or(() -> invocation.get("template-name"));
    if (name.isPresent()) {
      return byName(invocation, name.get());
    }
    String either =
        invocation
            .get("template")
            .orElseThrow(() ->
                CommandException.failed(
                    "Template must be specified by parameter 'template-uuid', 'template-name',"
                        + " 'template-name-label' or 'template'"));
    return byUuid(invocation, either).orElseGet(() -> byName(invocation, either));
  }

  private static Optional<String> byUuid(Invocation invocation, String uuid) {
    try {
      return Optional.of(Arguments.byUuid(invocation, "VM", uuid));
    } catch (ApiError error) {
      if (error.code() == ErrorCode.UUID_INVALID) {
        return Optional.empty();
      }
      throw error;
    }
  }

  private static String byName(Invocation invocation, String name) {
    Filter filter = new Filter(RecordKinds.VM);
    List<Item> templates =
        filter.select(
            filter.select(RecordKinds.VM.all(invocation.objects()), TEMPLATES),
            List.of(new Parameter("name-label", name)));
    return switch (templates.size()) {
      case 0 -> throw CommandException.failed("No templates matched");
      case 1 -> templates.getFirst().ref();
      default -> throw CommandException.failed("More than one matching template found");
    };
  }

  /** Where the user wants the VM's disks; what is made of a snapshot stays where that is. */
  private static Optional<String> repository(Invocation invocation, String template) {
    Optional<String> named =
        invocation.get(SR_UUID).map(uuid -> Arguments.byUuid(invocation, "SR", uuid));
    Optional<String> name = invocation.get(SR_NAME);
    if ((named.isPresent() || name.isPresent())
        && Values.flag(invocation.call("VM.get_is_a_snapshot", template))) {
      throw CommandException.failed(
          "Do not use the sr-name-label or sr-uuid argument when installing from a snapshot. By"
              + " default, it will install each new disk on the same SR as the corresponding"
              + " snapshot disks.");
    }
    if (name.isEmpty()) {
      return named;
    }
    List<String> found = Values.texts(invocation.call("SR.get_by_name_label", name.get()));
    if (found.isEmpty()) {
      throw CommandException.failed("No SR with that name-label found");
    }
    if (named.isPresent() && !found.contains(named.get())) {
      throw CommandException.failed(
          "SR specified via sr-uuid doesn't have the name specified via sr-name-label");
    }
    if (named.isEmpty() && found.size() > 1) {
      throw CommandException.failed("Multiple SRs with that name-label found");
    }
    return named.or(() -> Optional.of(found.getFirst()));
  }

  private static String disks(Invocation invocation, String template) {
    return Values.map(invocation.call("VM.get_other_config", template)).getOrDefault(DISKS, "");
  }

  /** The uuid of the repository that takes the disks which the template describes. */
  private static String home(Invocation invocation, Optional<String> sr) {
    String ref =
        sr.or(() -> Repositories.usual(invocation))
            .orElseThrow(() ->
                CommandException.failed(
                    "Failed to find a valid default SR for the Pool. Please provide an"
                        + " sr-name-label or sr-uuid parameter."));
    return Values.text(invocation.call("SR.get_uuid", ref));
  }
}
