package io.keelson.cli.command.device;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Columns;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.record.Item;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Network cards of VMs. */
public final class VifCommands {
  private static final String PARAMS = "params";
  private static final int MAC_BYTES = 6;

  private VifCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-vif-list",
            List.of(),
            List.of(PARAMS),
            "Lists the network cards of VMs.",
            VifCommands::list,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "vif-create",
            List.of("device", "network-uuid", "vm-uuid"),
            List.of("mac"),
            "Gives a VM a network card. The VM's parameter allowed-VIF-devices has the devices that"
                + " are free; without a MAC address, or with mac=random, one is chosen.",
            VifCommands::create),
        Command.onOne("vif-destroy", "Removes a network card.", "VIF.destroy"),
        Command.onOne("vif-plug", "Lets the VM, which runs, see a network card.", "VIF.plug"),
        Command.of(
            "vif-unplug",
            List.of("uuid"),
            List.of("force"),
            "Takes a network card from its VM, which runs; with --force the VM is not asked.",
            invocation ->
                invocation.call(
                    invocation.flag("force") ? "VIF.unplug_force" : "VIF.unplug", vif(invocation))),
        configure("ipv4", "IPv4"),
        configure("ipv6", "IPv6"));
  }

  private static Command configure(String version, String written) {
    return Command.of(
        "vif-configure-" + version,
        List.of("uuid", "mode"),
        List.of("address", "gateway"),
        "Sets the "
            + written
            + " address that the VM gives a network card: mode=none or static, with"
            + " address=<address>/<bits>.",
        invocation ->
            invocation.call(
                "VIF.configure_" + version,
                vif(invocation),
                mode(invocation.required("mode")),
                invocation.get("address").orElse(""),
                invocation.get("gateway").orElse("")));
  }

  /** The API's words begin with a capital. */
  private static String mode(String typed) {
    if (typed.equalsIgnoreCase("none")) {
      return "None";
    }
    return typed.equalsIgnoreCase("static") ? "Static" : typed;
  }

  private static String vif(Invocation invocation) {
    return Arguments.object(invocation, "VIF", "uuid");
  }

  /** Of several VMs, whether --multiple was given or not: nothing is changed. */
  private static void list(Invocation invocation) throws IOException {
    List<Item> vms = Selection.machines(invocation, Scope.MACHINES, Set.of(PARAMS));
    if (vms.isEmpty()) {
      throw CommandException.failed("No matching VMs found");
    }
    Columns columns =
        Columns.of(
            invocation,
            "vif",
            PARAMS,
            "uuid",
            "device",
            "MAC",
            "network-uuid",
            "network-name-label",
            "vm-name-label");
    for (Item vm : vms) {
      invocation
          .printer()
          .table(Values.texts(vm.field("VIFs")).stream().map(columns::lines).toList());
    }
  }

  private static void create(Invocation invocation) throws IOException {
    String vm = Arguments.object(invocation, "VM", "vm-uuid");
    String network = Arguments.object(invocation, "network", "network-uuid");
    String mac = invocation.get("mac").orElse("");
    Map<String, Value> vif = new LinkedHashMap<>();
    vif.put("device", new Value.Text(invocation.required("device")));
    vif.put("network", new Value.Text(network));
    vif.put("VM", new Value.Text(vm));
    vif.put("MAC", new Value.Text(mac.equals("random") ? randomMac() : mac));
    vif.put("MTU", invocation.call("network.get_MTU", network));
    vif.put("other_config", Values.of(Map.of()));
    vif.put("qos_algorithm_type", new Value.Text(""));
    vif.put("qos_algorithm_params", Values.of(Map.of()));
    String made = Values.text(invocation.call("VIF.create", List.of(new Value.Structure(vif))));
    Results.print(invocation, "VIF", made);
  }

  /** An address that nobody was given: one card's own, and no vendor's. */
  private static String randomMac() {
    byte[] bytes = new byte[MAC_BYTES];
    new SecureRandom().nextBytes(bytes);
    bytes[0] = (byte) ((bytes[0] & 0xfc) | 0x02);
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }
}
