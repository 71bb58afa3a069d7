package io.keelson.control.host;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostEvacuation;
import io.keelson.api.messages.HostMigration;
import io.keelson.api.messages.HostPower;
import io.keelson.api.messages.HostState;
import io.keelson.api.messages.VmMigration;
import io.keelson.control.Resources;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The messages about hosts. */
public final class HostMessages {
  private HostMessages() {}

  /**
   * @param migration moves the VMs of a host that is evacuated
   * @param agent is told what is to become of this server
   * @param methods names of all messages; asked for once they are known
   */
  public static List<BoundMessage> all(
      Resources resources,
      Sessions sessions,
      VmMigration migration,
      Consumer<AgentEnd> agent,
      Supplier<List<String>> methods) {
    Store store = resources.store();
    return Stream.of(
            HostState.bind(new HostStateHandler(store, resources.clock(), methods)),
            HostEvacuation.bind(new HostEvacuationHandler(resources, migration)),
            HostPower.bind(new HostPowerHandler(resources, agent)),
            HostMigration.bind(new HostMigrationHandler(store, sessions)))
        .flatMap(List::stream)
        .toList();
  }
}
