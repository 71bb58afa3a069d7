package io.keelson.control.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.Network;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change of a host's bridges, with the way back.
 *
 * @param before the bridges it changes, as they are
 * @param beforePorts the guests' cards on them, as they are
 * @param after the bridges as they are to be, those that others stand on first
 * @param ports the guests' cards as they are to be
 * @param gone the bridges that are to be no more
 */
record HostChange(
    UUID host,
    List<BridgeSpec> before,
    List<GuestPorts.Plugged> beforePorts,
    List<BridgeSpec> after,
    List<GuestPorts.Plugged> ports,
    List<String> gone) {
  private static final Logger LOG = LoggerFactory.getLogger(HostChange.class);

  HostChange {
    before = List.copyOf(before);
    beforePorts = List.copyOf(beforePorts);
    after = List.copyOf(after);
    ports = List.copyOf(ports);
    gone = List.copyOf(gone);
  }

  /** A change of bridges that keep their cards. */
  static HostChange of(
      UUID host, List<BridgeSpec> before, List<BridgeSpec> after, List<GuestPorts.Plugged> ports) {
    return new HostChange(host, before, ports, after, ports, List.of());
  }

  /** Bridges that are to be no more, and had no cards. */
  static HostChange removal(UUID host, BridgeSpec before) {
    return new HostChange(
        host, List.of(before), List.of(), List.of(), List.of(), List.of(before.name()));
  }

  /** Does it. When it fails, what was done is taken back as far as it can be. */
  void run(Network driver) {
    try {
      after.forEach(bridge -> driver.ensureBridge(host, bridge));
      ports.forEach(port -> port.attach(driver));
      gone.forEach(bridge -> driver.removeBridge(host, bridge));
    } catch (RuntimeException failure) {
      undo(driver);
      throw failure;
    }
  }

  /** Takes it back. */
  void undo(Network driver) {
    before.forEach(bridge -> attempt(() -> driver.ensureBridge(host, bridge)));
    beforePorts.forEach(port -> attempt(() -> port.attach(driver)));
    after.stream()
        .map(BridgeSpec::name)
        .filter(name -> before.stream().noneMatch(b -> b.name().equals(name)))
        .forEach(name -> attempt(() -> driver.removeBridge(host, name)));
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (DriverException failure) {
      LOG.warn("a network does not go back to what it was", failure);
    }
  }
}
