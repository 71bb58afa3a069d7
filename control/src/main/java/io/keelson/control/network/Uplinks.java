package io.keelson.control.network;

import java.util.Set;

/**
 * Which of the machine's interfaces the operator has put at the server's disposal from the start.
 * One over which the host is managed is never taken otherwise; another one is when somebody plugs
 * it.
 *
 * @param all whether all of them
 * @param devices their names
 */
public record Uplinks(boolean all, Set<String> devices) {
  public static final Uplinks NONE = new Uplinks(false, Set.of());
  public static final Uplinks ALL = new Uplinks(true, Set.of());

  public Uplinks {
    devices = Set.copyOf(devices);
  }

  public boolean has(String device) {
    return all || devices.contains(device);
  }
}
