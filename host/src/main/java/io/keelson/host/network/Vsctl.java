package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Open vSwitch's own tools. Which of several they talk to, the environment variable {@code
 * OVS_RUNDIR} says to them, as ever.
 */
final class Vsctl {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Vsctl() {}

  /** Whether the database and the daemon answer. */
  static boolean answers() {
    try {
      return program(
                  "ovs-vsctl", "--timeout=10", "--no-wait", "get", "Open_vSwitch", ".", "cur_cfg")
              .ok()
          && program("ovs-appctl", "-T", "5", "-t", "ovs-vswitchd", "version").ok();
    } catch (DriverException e) {
      // Not installed.
      return false;
    }
  }

  /** Whether the command succeeds. */
  static boolean is(String... arguments) {
    return run(arguments).ok();
  }

  /** What the command says, without the quotes of a text; empty when it fails. */
  static String ask(String... arguments) {
    Outcome outcome = run(arguments);
    return outcome.ok() ? outcome.output().strip().replaceAll("^\"|\"$", "") : "";
  }

  /** Several commands as one transaction, each beginning with "--". */
  static void require(List<String> commands) {
    check(run(commands.subList(1, commands.size()).toArray(String[]::new)));
  }

  static void require(String... arguments) {
    check(run(arguments));
  }

  /** What the daemon says of itself. */
  static String daemon(String... arguments) {
    return program("ovs-appctl", "-T", "5", arguments).output();
  }

  /** Whether a command on a bridge's flows and meters succeeds. */
  static boolean flows(String... arguments) {
    return program("ovs-ofctl", "-O", "OpenFlow14", arguments).ok();
  }

  /** The bridge's flows, each as a line that could add it again. */
  static List<String> dumpFlows(String bridge) {
    Outcome outcome =
        program("ovs-ofctl", "-O", "OpenFlow14", "--no-names", "--no-stats", "dump-flows", bridge);
    check(outcome);
    return outcome.output().lines().map(String::strip).filter(l -> l.contains("actions=")).toList();
  }

  /** Changes the bridge's flows in one go, as the lines say. */
  static void changeFlows(String bridge, List<String> lines) {
    Path file = CommandFile.write(lines);
    try {
      check(
          program(
              "ovs-ofctl", "-O", "OpenFlow14", "--bundle", "add-flows", bridge, file.toString()));
    } finally {
      CommandFile.remove(file);
    }
  }

  private static Outcome run(String... arguments) {
    return program("ovs-vsctl", "--timeout=10", "--", arguments);
  }

  private static void check(Outcome outcome) {
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, outcome.complaint());
    }
  }

  private static Outcome program(String name, String first, String second, String... rest) {
    List<String> command = new ArrayList<>(List.of(name, first, second));
    command.addAll(List.of(rest));
    return Program.run(LIMIT, command);
  }
}
