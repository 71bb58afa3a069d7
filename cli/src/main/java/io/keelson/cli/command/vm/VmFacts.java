package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.HIDDEN;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Columns;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.DataSources;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What else there is to know of VMs: their firmware's texts, services, dumps, the best hosts. */
public final class VmFacts {
  private static final String HOST = "host-uuid";

  /** What the firmware of a VM says that takes after no host. */
  private static final Map<String, String> GENERIC =
      Map.of(
          "bios-vendor", "Xen",
          "bios-version", "",
          "system-manufacturer", "Xen",
          "system-product-name", "HVM domU",
          "system-version", "",
          "system-serial-number", "",
          "oem-1", "Xen",
          "oem-2", "MS_VM_CERT/SHA1/bdbeb6e0a816d43fa6d3fe8aaef04c2bad9d3e3d",
          "hp-rombios", "");

  private VmFacts() {}

  public static List<Command> all() {
    List<Command> commands =
        new ArrayList<>(
            DataSources.commands(
                "vm",
                "VM",
                "a VM",
                VM_SELECTORS,
                (invocation, parameters, deed) ->
                    Selection.ofVm(invocation, Scope.WITH_CONTROL_DOMAINS, parameters, deed)));
    commands.add(
        Command.of(
            "vm-crashdump-list",
            List.of(),
            List.of(),
            "Lists the dumps of VMs that crashed.",
            VmFacts::dumps,
            VM_SELECTORS));
    commands.add(
        Command.of(
            "vm-copy-bios-strings",
            List.of(HOST),
            List.of(),
            "Lets the firmware of VMs say what that of a host says.",
            VmFacts::copyBiosStrings,
            VM_SELECTORS));
    commands.add(
        Command.of(
            "vm-is-bios-customized",
            List.of(),
            List.of(),
            "Tells whether the firmware of VMs says what that of some host says.",
            invocation ->
                Selection.ofVms(
                    invocation,
                    Scope.MACHINES,
                    Set.of(),
                    vm -> invocation.printer().message(firmware(vm))),
            VM_SELECTORS));
    commands.add(
        Command.of(
            "vm-query-services",
            List.of(),
            List.of(),
            "Asks system VMs which services they offer.",
            VmFacts::services,
            VM_SELECTORS,
            HIDDEN));
    commands.add(
        Command.of(
            "vm-retrieve-wlb-recommendations",
            List.of(),
            List.of(),
            "Asks the workload balancing server which hosts are good for a VM.",
            VmFacts::recommendations,
            VM_SELECTORS));
    commands.add(
        Command.of(
            "vm-vcpu-hotplug",
            List.of("new-vcpus"),
            List.of(),
            "Sets how many processors VMs have that run.",
            VmFacts::processors,
            VM_SELECTORS));
    commands.add(
        Command.of(
            "vm-call-plugin",
            List.of("vm-uuid", "plugin", "fn"),
            List.of("args:"),
            "Calls a function of a plugin for a VM, with args:<key>=<value>. With"
                + " args:<key>:file=<file> the value is what is in the file.",
            VmFacts::callPlugin));
    return commands;
  }

  private static void dumps(Invocation invocation) throws IOException {
    Columns columns = Columns.of(invocation, RecordKinds.CRASHDUMP, "params");
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of("params"),
        vm ->
            invocation
                .printer()
                .table(
                    Values.texts(vm.field("crash_dumps")).stream().map(columns::lines).toList()));
  }

  private static void copyBiosStrings(Invocation invocation) throws IOException {
    String host = Arguments.object(invocation, "host", HOST);
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(HOST),
        vm -> invocation.call("VM.copy_bios_strings", vm.ref(), host));
  }

  private static String firmware(Item vm) {
    Map<String, String> texts = Values.map(vm.field("bios_strings"));
    if (texts.isEmpty()) {
      return "The BIOS strings of this VM have not yet been set.";
    }
    return texts.equals(GENERIC) ? "This VM is BIOS-generic." : "This VM is BIOS-customized.";
  }

  private static void services(Invocation invocation) throws IOException {
    Selection.ofVms(
        invocation,
        Scope.WITH_CONTROL_DOMAINS,
        Set.of(),
        vm -> {
          List<Line> lines = new ArrayList<>(List.of(new Line("Type", "Name")));
          Values.map(vm.ask("query_services"))
              .forEach((type, name) -> lines.add(new Line(type, name)));
          invocation.printer().table(List.of(lines));
        });
  }

  private static void recommendations(Invocation invocation) throws IOException {
    Selection.ofVm(
        invocation,
        Scope.MACHINES,
        Set.of(),
        vm -> {
          List<Line> lines =
              new ArrayList<>(List.of(new Line("Host(Uuid)", "Stars, RecID, ZeroScoreReason")));
          Values.members(vm.ask("retrieve_wlb_recommendations"))
              .forEach((host, advice) ->
                  lines.add(
                      new Line(
                          "%s(%s)"
                              .formatted(
                                  invocation.objects().name("host", host),
                                  invocation.objects().uuid("host", host)),
                          String.join(" ", Values.texts(advice)))));
          invocation.printer().table(List.of(lines));
        });
  }

  private static void processors(Invocation invocation) throws IOException {
    Value number = Arguments.whole(invocation, "new-vcpus");
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of("new-vcpus"),
        vm ->
            invocation.call("VM.set_VCPUs_number_live", List.of(new Value.Text(vm.ref()), number)));
  }

  private static void callPlugin(Invocation invocation) throws IOException {
    String vm = Arguments.object(invocation, "VM", "vm-uuid");
    Map<String, String> given = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : invocation.line().map("args").entrySet()) {
      String key = entry.getKey();
      if (key.endsWith(":file")) {
        given.put(
            key.substring(0, key.length() - ":file".length()),
            FileTransfer.text(invocation, entry.getValue()));
      } else {
        given.put(key, entry.getValue());
      }
    }
    invocation
        .printer()
        .list(
            List.of(
                Values.text(
                    invocation.call(
                        "VM.call_plugin",
                        List.of(
                            new Value.Text(vm),
                            Arguments.text(invocation, "plugin"),
                            Arguments.text(invocation, "fn"),
                            Values.of(given))))));
  }
}
