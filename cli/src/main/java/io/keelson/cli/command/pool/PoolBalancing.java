package io.keelson.cli.command.pool;

import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.host.HostFacts;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the pool has to do with a workload balancing server. */
public final class PoolBalancing {
  private static final List<String> NONE = List.of();
  private static final List<String> FILE = List.of("filename");

  private PoolBalancing() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "pool-initialize-wlb",
            List.of(
                "wlb_url",
                "wlb_username",
                "wlb_password",
                "xenserver_username",
                "xenserver_password"),
            NONE,
            "Tells a workload balancing server of the pool, and how to log in.",
            PoolBalancing::initialize),
        Command.of(
            "pool-deconfigure-wlb",
            NONE,
            NONE,
            "Lets the workload balancing server forget the pool.",
            invocation -> invocation.call("pool.deconfigure_wlb")),
        Command.of(
            "pool-send-wlb-configuration",
            NONE,
            List.of("config:"),
            "Changes settings of the workload balancing server.",
            invocation ->
                invocation.call(
                    "pool.send_wlb_configuration",
                    List.of(Values.of(Arguments.dashedMap(invocation, "config"))))),
        Command.of(
            "pool-retrieve-wlb-configuration",
            NONE,
            NONE,
            "Shows the settings of the workload balancing server.",
            invocation ->
                invocation
                    .printer()
                    .table(
                        List.of(
                            HostFacts.lines(
                                Values.map(invocation.call("pool.retrieve_wlb_configuration")))))),
        Command.of(
            "pool-retrieve-wlb-recommendations",
            NONE,
            NONE,
            "Asks the workload balancing server which VMs should move.",
            PoolBalancing::recommendations),
        Command.of(
            "pool-retrieve-wlb-report",
            List.of("report"),
            FILE,
            "Fetches a report of the workload balancing server. All other parameters are its own.",
            PoolBalancing::report),
        Command.of(
            "pool-retrieve-wlb-diagnostics",
            NONE,
            FILE,
            "Fetches the log of the workload balancing server.",
            invocation ->
                fetch(invocation, "/wlb_diagnostics", Map.of(), "WLB diagnostics download")));
  }

  private static void initialize(Invocation invocation) {
    invocation.call(
        "pool.initialize_wlb",
        invocation.required("wlb_url"),
        invocation.required("wlb_username"),
        invocation.required("wlb_password"),
        invocation.required("xenserver_username"),
        invocation.required("xenserver_password"));
  }

  private static void recommendations(Invocation invocation) throws IOException {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("VM", "Host, OptID, RecID, Reason"));
    Values.members(invocation.call("pool.retrieve_wlb_recommendations"))
        .forEach((vm, words) ->
            lines.add(
                new Line(
                    Arguments.named(invocation, "VM", vm), String.join(" ", Values.texts(words)))));
    invocation.printer().table(List.of(lines));
  }

  private static void report(Invocation invocation) throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("report", invocation.required("report"));
    for (Parameter parameter : Filter.about(invocation.line(), Set.of("report", "filename"))) {
      query.put(parameter.name(), parameter.value());
    }
    fetch(invocation, "/wlb_report", query, "Report generation");
  }

  private static void fetch(
      Invocation invocation, String path, Map<String, String> query, String label)
      throws IOException {
    String file = invocation.get("filename").orElse("");
    FileTransfer.fetch(invocation, label, file, path, query);
    if (!file.isEmpty()) {
      invocation.printer().message(label + " succeeded");
    }
  }
}
