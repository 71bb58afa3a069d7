package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Open vSwitch: in the kernel where its module is, else in its daemon. */
final class OpenVswitch implements Backend {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String OWNER = "external_ids:keelson=network";

  @Override
  public String name() {
    return "openvswitch";
  }

  /** Whether its database and its daemon answer. */
  static boolean answers() {
    try {
      return vsctl("--no-wait", "get", "Open_vSwitch", ".", "cur_cfg").ok()
          && Program.run(LIMIT, List.of("ovs-appctl", "-T", "5", "-t", "ovs-vswitchd", "version"))
              .ok();
    } catch (DriverException e) {
      // Not installed.
      return false;
    }
  }

  @Override
  public void ensureBridge(String bridge, int mtu) {
    if (!vsctl("br-exists", bridge).ok()) {
      if (Kernel.exists(bridge)) {
        throw new DriverException(
            Reason.ALREADY_EXISTS, "interface " + bridge + " is not of Open vSwitch");
      }
      require(
          "--may-exist",
          "add-br",
          bridge,
          "--",
          "set",
          "bridge",
          bridge,
          OWNER,
          "datapath_type=" + datapath(),
          "other_config:disable-in-band=true");
      Kernel.ip("link", "set", "dev", bridge, "up");
    }
    if (owned(bridge)) {
      require("set", "interface", bridge, "mtu_request=" + mtu);
    }
  }

  @Override
  public void removeBridge(String bridge) {
    if (owned(bridge)) {
      require("--if-exists", "del-br", bridge);
    }
  }

  @Override
  public NicAttachment attach(Tap tap, String bridge, int mtu, boolean uplink) {
    if (!vsctl("br-exists", bridge).ok()) {
      throw new DriverException(Reason.NOT_FOUND, "bridge " + bridge + " does not exist");
    }
    Kernel.ensureTap(tap, mtu);
    require("--if-exists", "del-port", tap.device(), "--", "add-port", bridge, tap.device());
    Kernel.ip("link", "set", "dev", tap.device(), "up");
    return new NicAttachment.Tap(tap.device());
  }

  @Override
  public void detach(Tap tap) {
    if (Kernel.removeTap(tap)) {
      require("--if-exists", "del-port", tap.device());
    }
  }

  private static boolean owned(String bridge) {
    Outcome outcome = vsctl("--if-exists", "get", "bridge", bridge, "external_ids:keelson");
    return outcome.ok() && outcome.output().strip().equals("network");
  }

  private static String datapath() {
    return Files.exists(Path.of("/sys/module/openvswitch")) ? "system" : "netdev";
  }

  private static void require(String... arguments) {
    Outcome outcome = vsctl(arguments);
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, outcome.complaint());
    }
  }

  private static Outcome vsctl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--timeout=10"));
    command.addAll(List.of(arguments));
    return Program.run(LIMIT, command);
  }
}
