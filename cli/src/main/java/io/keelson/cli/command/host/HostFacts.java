package io.keelson.cli.command.host;

import static io.keelson.cli.command.Command.Mark.HIDDEN;
import static io.keelson.cli.command.Command.Mark.HOST_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.DataSources;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What hosts tell of themselves. */
public final class HostFacts {
  private static final List<String> NONE = List.of();
  private static final List<String> UUID = List.of("uuid");

  private HostFacts() {}

  public static List<Command> all() {
    return Stream.concat(
            own().stream(),
            DataSources.commands("host", "host", "a host", HOST_SELECTORS, Selection::ofHost)
                .stream())
        .toList();
  }

  private static List<Command> own() {
    return List.of(
        Command.of(
            "host-dmesg",
            NONE,
            NONE,
            "Shows the log of the hypervisor.",
            HostFacts::log,
            HOST_SELECTORS),
        onOne(
            "host-compute-free-memory",
            "Computes how much memory is free for VMs, in bytes.",
            "compute_free_memory"),
        onOne(
            "host-compute-memory-overhead",
            "Computes how much memory virtualisation takes, in bytes.",
            "compute_memory_overhead"),
        onOne(
            "host-get-server-certificate",
            "Shows the certificate that a host proves itself with.",
            "get_server_certificate"),
        Command.of(
            "host-get-system-status-capabilities",
            NONE,
            NONE,
            "Lists in XML what a report of a host's status can have in it.",
            HostFacts::capabilities,
            HOST_SELECTORS),
        Command.of(
            "host-cpu-info",
            NONE,
            UUID,
            "Tells of the processors of a host.",
            invocation -> invocation.printer().table(List.of(lines(processors(invocation))))),
        Command.of(
            "host-get-cpu-features",
            NONE,
            UUID,
            "Shows the features of a host's processors, in hexadecimal digits.",
            invocation ->
                invocation
                    .printer()
                    .list(List.of(processors(invocation).getOrDefault("features", "")))),
        Command.of(
            "host-set-cpu-features",
            List.of("features"),
            UUID,
            "Hides features of a host's processors from VMs, after its next start.",
            invocation ->
                invocation.call(
                    "host.set_cpu_features",
                    Arguments.hostOrThis(invocation, "uuid"),
                    invocation.required("features"))),
        Command.of(
            "host-reset-cpu-features",
            NONE,
            UUID,
            "Hides no features of a host's processors, after its next start.",
            invocation ->
                invocation.call(
                    "host.reset_cpu_features", Arguments.hostOrThis(invocation, "uuid"))),
        Command.of(
            "host-is-in-emergency-mode",
            NONE,
            NONE,
            "Tells whether the pool is without a coordinator that lives.",
            HostFacts::emergency),
        Command.of(
            "host-refresh-pack-info",
            List.of("host-uuid"),
            NONE,
            "Reads the versions of a host's software anew.",
            invocation ->
                invocation.call(
                    "host.refresh_pack_info", Arguments.object(invocation, "host", "host-uuid")),
            HIDDEN),
        Command.of(
            "host-send-debug-keys",
            List.of("host-uuid", "keys"),
            NONE,
            "Sends debug keys to the hypervisor of a host.",
            invocation ->
                invocation.call(
                    "host.send_debug_keys",
                    Arguments.object(invocation, "host", "host-uuid"),
                    invocation.required("keys"))),
        Command.of(
            "host-retrieve-wlb-evacuate-recommendations",
            UUID,
            NONE,
            "Asks the workload balancing server where the VMs of a host could go.",
            HostFacts::recommendations,
            HIDDEN));
  }

  private static Command onOne(String name, String help, String message) {
    return Command.of(
        name,
        NONE,
        NONE,
        help,
        invocation -> show(invocation, host -> ask(invocation, message, host)),
        HOST_SELECTORS);
  }

  private static String ask(Invocation invocation, String message, Item host) {
    return Values.text(invocation.call("host." + message, host.ref()));
  }

  private static void show(Invocation invocation, Function<Item, String> text) throws IOException {
    Selection.ofHost(
        invocation, Set.of(), host -> invocation.printer().list(List.of(text.apply(host))));
  }

  private static void log(Invocation invocation) throws IOException {
    Selection.ofHosts(
        invocation,
        Set.of(),
        host -> invocation.printer().list(List.of(ask(invocation, "dmesg", host))));
  }

  /** One element a line: the completion of XenServer's shells looks for the keys line by line. */
  private static void capabilities(Invocation invocation) throws IOException {
    List<String> texts = new ArrayList<>();
    Selection.ofHosts(
        invocation,
        Set.of(),
        host ->
            texts.add(
                ask(invocation, "get_system_status_capabilities", host).replace("><", ">\n<")));
    invocation.printer().list(texts);
  }

  private static Map<String, String> processors(Invocation invocation) {
    return Values.map(
        invocation.call("host.get_cpu_info", Arguments.hostOrThis(invocation, "uuid")));
  }

  public static List<Line> lines(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> new Line(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static void emergency(Invocation invocation) throws IOException {
    String metrics =
        Values.text(invocation.call("host.get_metrics", Arguments.coordinator(invocation)));
    boolean live = Values.flag(invocation.call("host_metrics.get_live", metrics));
    invocation.printer().list(List.of(Boolean.toString(!live)));
  }

  private static void recommendations(Invocation invocation) throws IOException {
    Map<String, Value> found =
        Values.members(
            invocation.call(
                "host.retrieve_wlb_evacuate_recommendations",
                Arguments.object(invocation, "host", "uuid")));
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("VM", "[Host, RecID] / Error"));
    found.forEach((vm, words) ->
        lines.add(
            new Line(
                Arguments.named(invocation, "VM", vm), String.join(" ", Values.texts(words)))));
    invocation.printer().table(List.of(lines));
  }
}
