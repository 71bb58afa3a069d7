package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gets the host an IPv4 address from the network of a bridge, and keeps it: busybox's udhcpc. */
record DhcpClient(Path run, String bridge) {
  private static final String SCRIPT =
      """
      #!/bin/sh
      case "$1" in
        deconfig)
          ip -4 address flush dev "$interface" scope global
          ;;
        bound|renew)
          ip address replace "$ip/$mask" broadcast + dev "$interface"
          for router in $router; do
            ip route replace default via "$router" dev "$interface"
            break
          done
          ;;
      esac
      """;

  /** Asks for an address and goes on asking in the background; one that runs already stays. */
  void start() {
    if (daemon().process().isPresent()) {
      return;
    }
    try {
      Files.createDirectories(run);
      Path script = run.resolve("udhcpc.sh");
      Files.writeString(script, SCRIPT);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      List<String> command = new ArrayList<>(program());
      command.addAll(List.of("-i", bridge, "-b", "-t", "4", "-T", "2", "-A", "5", "-S"));
      command.addAll(List.of("-p", pidFile().toString(), "-s", script.toString()));
      daemon().start(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    daemon().stop();
  }

  private static List<String> program() {
    for (List<String> program : List.of(List.of("udhcpc"), List.of("busybox", "udhcpc"))) {
      List<String> question = new ArrayList<>(program);
      question.add("--help");
      if (answers(question)) {
        return program;
      }
    }
    throw new DriverException(Reason.UNSUPPORTED, "there is no DHCP client here (udhcpc)");
  }

  private static boolean answers(List<String> question) {
    try {
      return Program.run(Duration.ofSeconds(5), question).errors().contains("DHCP");
    } catch (DriverException e) {
      // Not installed.
      return false;
    }
  }

  private Daemon daemon() {
    return new Daemon(pidFile());
  }

  private Path pidFile() {
    return run.resolve("dhcp-" + bridge + ".pid");
  }
}
