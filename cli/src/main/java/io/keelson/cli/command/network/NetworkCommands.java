package io.keelson.cli.command.network;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Networks, and what is laid through interfaces: VLANs and tunnels. */
public final class NetworkCommands {
  private static final List<String> UUID = List.of("uuid");
  private static final List<String> OF_VLAN = List.of("pif-uuid", "vlan", "network-uuid");

  private NetworkCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "network-create",
            List.of("name-label"),
            List.of("name-description", "MTU"),
            "Makes a network. It is an internal one until an interface is joined to it.",
            NetworkCommands::create),
        Command.of(
            "network-destroy",
            UUID,
            List.of(),
            "Removes a network.",
            invocation -> destroy(invocation, "network")),
        Command.of(
            "network-attach",
            List.of("uuid", "host-uuid"),
            List.of(),
            "Brings up a network's interface on a host.",
            NetworkCommands::attach,
            HIDDEN),
        Command.of(
            "vlan-create",
            OF_VLAN,
            List.of(),
            "Makes a VLAN on an interface of one host.",
            NetworkCommands::createVlan),
        Command.of(
            "pool-vlan-create",
            OF_VLAN,
            List.of(),
            "Makes a VLAN on the interface of that name of every host.",
            NetworkCommands::createVlans),
        Command.of(
            "vlan-destroy",
            UUID,
            List.of(),
            "Removes a VLAN; uuid may be that of its interface, too.",
            NetworkCommands::destroyVlan),
        Command.of(
            "tunnel-create",
            List.of("pif-uuid", "network-uuid"),
            List.of(),
            "Makes a tunnel between hosts through an interface.",
            NetworkCommands::createTunnel),
        Command.of(
            "tunnel-destroy",
            UUID,
            List.of(),
            "Removes a tunnel.",
            invocation -> destroy(invocation, "tunnel")));
  }

  private static void create(Invocation invocation) throws IOException {
    Map<String, Value> network = new HashMap<>();
    network.put("name_label", new Value.Text(invocation.required("name-label")));
    network.put("name_description", Arguments.text(invocation, "name-description"));
    network.put("other_config", Values.of(Map.of()));
    if (invocation.get("MTU").isPresent()) {
      network.put("MTU", Arguments.whole(invocation, "MTU"));
    }
    Results.print(
        invocation,
        "network",
        Values.text(invocation.call("network.create", List.of(new Value.Structure(network)))));
  }

  private static void destroy(Invocation invocation, String apiClass) {
    invocation.call(apiClass + ".destroy", Arguments.object(invocation, apiClass, "uuid"));
  }

  private static void attach(Invocation invocation) {
    String network = Arguments.object(invocation, "network", "uuid");
    String host = Arguments.object(invocation, "host", "host-uuid");
    String interfaceThere =
        Values.texts(invocation.call("network.get_PIFs", network)).stream()
            .filter(pif -> Values.text(invocation.call("PIF.get_host", pif)).equals(host))
            .findFirst()
            .orElseThrow(() ->
                CommandException.failed(
                    "The network has no interface on this host; it appears there with the first VM"
                        + " that uses it."));
    invocation.call("PIF.plug", interfaceThere);
  }

  private static void createVlan(Invocation invocation) throws IOException {
    String vlan =
        Values.text(
            invocation.call(
                "VLAN.create",
                List.of(
                    Arguments.reference(invocation, "PIF", "pif-uuid"),
                    Arguments.whole(invocation, "vlan"),
                    Arguments.reference(invocation, "network", "network-uuid"))));
    Results.print(invocation, "PIF", Values.text(invocation.call("VLAN.get_untagged_PIF", vlan)));
  }

  private static void createVlans(Invocation invocation) throws IOException {
    List<String> made =
        Values.texts(
            invocation.call(
                "pool.create_VLAN_from_PIF",
                List.of(
                    Arguments.reference(invocation, "PIF", "pif-uuid"),
                    Arguments.reference(invocation, "network", "network-uuid"),
                    Arguments.whole(invocation, "vlan"))));
    invocation
        .printer()
        .list(made.stream().map(pif -> Values.text(invocation.call("PIF.get_uuid", pif))).toList());
  }

  private static void destroyVlan(Invocation invocation) {
    String uuid = invocation.required("uuid");
    boolean isVlan =
        Values.members(invocation.call("VLAN.get_all_records")).values().stream()
            .anyMatch(
                vlan -> Values.text(Values.member(Values.members(vlan), "uuid")).equals(uuid));
    if (isVlan) {
      invocation.call("VLAN.destroy", Arguments.byUuid(invocation, "VLAN", uuid));
      return;
    }
    String pif = Arguments.byUuid(invocation, "PIF", uuid);
    String vlan = Values.text(invocation.call("PIF.get_VLAN_master_of", pif));
    if (vlan.equals(Ref.none().text())) {
      throw CommandException.failed("PIF " + uuid + " is not that of a VLAN");
    }
    invocation.call("VLAN.destroy", vlan);
  }

  private static void createTunnel(Invocation invocation) throws IOException {
    String tunnel =
        Values.text(
            invocation.call(
                "tunnel.create",
                List.of(
                    Arguments.reference(invocation, "PIF", "pif-uuid"),
                    Arguments.reference(invocation, "network", "network-uuid"))));
    Results.print(invocation, "PIF", Values.text(invocation.call("tunnel.get_access_PIF", tunnel)));
  }
}
