package io.keelson.host.network;

import io.keelson.host.process.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Changes what a real interface does with what it receives, and asks the kernel. */
final class MergedPackets {
  private static final UUID HOST = UUID.randomUUID();

  private MergedPackets() {}

  public static void main(String[] arguments) throws Exception {
    Path run = Files.createTempDirectory("merged");
    LinuxNetwork network = LinuxNetwork.unprivileged(run);
    Lab.cable("card0", "elsewhere", "far0");
    for (boolean on : new boolean[] {true, false}) {
      network.mergeReceived(HOST, "card0", on);
      String said = Program.run(Duration.ofSeconds(10), List.of("ethtool", "-k", "card0")).output();
      Lab.require(
          said.contains("generic-receive-offload: " + (on ? "on" : "off")), "gro is " + said);
    }
    Files.delete(run);
    System.out.println("merged");
  }
}
