package io.keelson.host.sim;

import io.keelson.host.Power;
import java.util.UUID;

/** Hosts that go off and come back at once, whichever way they are woken. */
record SimulatedPower(SimulatedHosts hosts) implements Power {
  @Override
  public void reboot(UUID host) {
    hosts.turnOff(host);
    hosts.turnOn(host);
  }

  @Override
  public void shutdown(UUID host) {
    hosts.turnOff(host);
  }

  @Override
  public void powerOn(UUID helper, UUID host, Wake way) {
    hosts.turnOn(host);
  }
}
