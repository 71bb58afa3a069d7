package io.keelson.host.network;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Filter;
import java.util.List;

/**
 * The port of a guest's card. Its flows are there before its link comes up, so that a guest never
 * sends unwatched. A closed port is a card in no bridge.
 */
record OvsPort(Tap tap) {

  void join(PortSpec port) {
    String bridge = Vsctl.ask("port-to-br", tap.device());
    boolean closed = port.guard().filter() instanceof Filter.Closed;
    if (!bridge.isEmpty() && (closed || !bridge.equals(port.bridge()))) {
      leave();
      bridge = "";
    }
    if (!closed) {
      if (bridge.isEmpty()) {
        Kernel.ip("link", "set", "dev", tap.device(), "down");
        Vsctl.require("add-port", port.bridge(), tap.device());
      }
      watch(port);
    }
    Kernel.ip("link", "set", "dev", tap.device(), "up");
  }

  /** Takes the card from its bridge, if it is in one. */
  void leave() {
    String bridge = Vsctl.ask("port-to-br", tap.device());
    if (!bridge.isEmpty()) {
      String cookie = "cookie=0x" + Long.toHexString(tap.cookie()) + "/-1";
      Vsctl.flows("del-flows", Vsctl.ask("br-to-parent", bridge), cookie);
      Vsctl.require("--if-exists", "del-port", tap.device());
    }
  }

  private void watch(PortSpec port) {
    String parent = Vsctl.ask("br-to-parent", port.bridge());
    String number = Vsctl.ask("get", "interface", tap.device(), "ofport");
    if (!number.matches("[0-9]{1,5}")) {
      throw new DriverException(Reason.FAILED, "no port for " + tap.device() + ": " + number);
    }
    OpenFlow flows = new OpenFlow(tap.cookie(), Integer.parseInt(number), port.mac());
    long limit = port.guard().kilobytesPerSecond();
    if (limit > 0) {
      String meter = flows.meter(limit);
      // Changing keeps the flows that go through it; a new port has none to change.
      if (!Vsctl.flows("mod-meter", parent, meter) && !Vsctl.flows("add-meter", parent, meter)) {
        throw new DriverException(Reason.UNSUPPORTED, "this Open vSwitch has no meters");
      }
    }
    List<String> lines = flows.bundle(port.guard());
    Vsctl.changeFlows(parent, lines);
  }
}
