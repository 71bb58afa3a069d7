package io.keelson.cli.command.pool;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** High availability, plans for failures, and the redo log. */
public final class PoolAvailability {
  private static final List<String> NONE = List.of();

  private PoolAvailability() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "pool-ha-enable",
            NONE,
            List.of("heartbeat-sr-uuids", "ha-config:"),
            "Turns high availability on, with state files in the repositories given.",
            PoolAvailability::enable),
        Command.of(
            "pool-ha-disable",
            NONE,
            NONE,
            "Turns high availability off.",
            invocation -> Work.done(invocation, "pool.disable_ha", List.of())),
        Command.of(
            "pool-ha-prevent-restarts-for",
            List.of("seconds"),
            NONE,
            "Lets no VM be restarted for so many seconds.",
            invocation ->
                invocation.call(
                    "pool.ha_prevent_restarts_for",
                    List.of(Arguments.whole(invocation, "seconds"))),
            HIDDEN),
        Command.of(
            "pool-ha-compute-max-host-failures-to-tolerate",
            NONE,
            NONE,
            "Computes how many hosts may fail with room left for all protected VMs.",
            invocation ->
                number(
                    invocation, invocation.call("pool.ha_compute_max_host_failures_to_tolerate"))),
        Command.of(
            "pool-ha-compute-hypothetical-max-host-failures-to-tolerate",
            NONE,
            List.of("vm-uuid", "restart-priority"),
            "Computes how many hosts may fail if these VMs were protected: each vm-uuid has its"
                + " restart-priority.",
            PoolAvailability::suppose),
        Command.of(
            "pool-ha-compute-vm-failover-plan",
            List.of("host-uuids"),
            NONE,
            "Tells where VMs would go if these hosts failed.",
            PoolAvailability::plan,
            HIDDEN),
        Command.of(
            "pool-enable-redo-log",
            List.of("sr-uuid"),
            NONE,
            "Keeps every change of the database in a repository too.",
            invocation ->
                invocation.call(
                    "pool.enable_redo_log", Arguments.object(invocation, "SR", "sr-uuid"))),
        Command.of(
            "pool-disable-redo-log",
            NONE,
            NONE,
            "Keeps changes of the database in no repository any more.",
            invocation -> invocation.call("pool.disable_redo_log")));
  }

  private static void number(Invocation invocation, Value number) throws IOException {
    invocation.printer().list(List.of(Values.text(number)));
  }

  private static void enable(Invocation invocation) throws IOException {
    Value repositories =
        invocation
            .get("heartbeat-sr-uuids")
            .map(uuids -> Arguments.objects(invocation, "SR", uuids))
            .orElse(Values.of(List.of()));
    Work.done(
        invocation,
        "pool.enable_ha",
        List.of(repositories, Arguments.map(invocation, "ha-config")));
  }

  private static void suppose(Invocation invocation) throws IOException {
    List<String> vms = invocation.line().all("vm-uuid");
    List<String> priorities = invocation.line().all("restart-priority");
    if (vms.size() != priorities.size()) {
      throw CommandException.failed(
          "Call requires an equal number of vm-uuid and restart-priority arguments");
    }
    Map<String, String> supposed = new LinkedHashMap<>();
    for (int i = 0; i < vms.size(); i++) {
      supposed.put(Arguments.byUuid(invocation, "VM", vms.get(i)), priorities.get(i));
    }
    number(
        invocation,
        invocation.call(
            "pool.ha_compute_hypothetical_max_host_failures_to_tolerate",
            List.of(Values.of(supposed))));
  }

  private static void plan(Invocation invocation) throws IOException {
    Value hosts = Arguments.objects(invocation, "host", invocation.required("host-uuids"));
    List<String> vms =
        Values.texts(hosts).stream()
            .flatMap(host -> Values.texts(invocation.call("host.get_resident_VMs", host)).stream())
            .filter(vm -> !Values.flag(invocation.call("VM.get_is_control_domain", vm)))
            .toList();
    Value plan =
        invocation.call("pool.ha_compute_vm_failover_plan", List.of(hosts, Values.of(vms)));
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("VM", "Destination Host or Error"));
    Values.members(plan)
        .forEach((vm, where) ->
            lines.add(
                new Line(
                    Arguments.named(invocation, "VM", vm),
                    destination(invocation, Values.map(where)))));
    invocation.printer().table(List.of(lines));
  }

  private static String destination(Invocation invocation, Map<String, String> where) {
    String host = where.get("host");
    return host == null
        ? where.getOrDefault("error_code", "UNKNOWN")
        : Arguments.named(invocation, "host", host);
  }
}
