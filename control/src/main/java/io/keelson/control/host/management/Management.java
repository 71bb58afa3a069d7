package io.keelson.control.host.management;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.host.Agent;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the server listening at the address of the interface that was chosen for its host's
 * management, whatever address that comes to have.
 */
public final class Management {
  private static final Logger LOG = LoggerFactory.getLogger(Management.class);

  private final Store store;
  private final Agent agent;
  private final ConsoleLocations consoles;

  /** One choice after the other: the server's ears and the records are to agree. */
  private final ReentrantLock turn = new ReentrantLock();

  public Management(Store store, Agent agent, ConsoleLocations consoles) {
    this.store = store;
    this.agent = agent;
    this.consoles = consoles;
  }

  /** Makes a choice; consoles are then found at the address that the host has. */
  void choose(Runnable choice) {
    turn.lock();
    try {
      choice.run();
    } finally {
      turn.unlock();
    }
    consoles.refresh();
  }

  /** Listens where the records say, and writes down which address that is. */
  public void follow() {
    turn.lock();
    try {
      Snapshot state = store.snapshot();
      Ref<Host> own = OnlyPool.master(state);
      if (state.find(ApiModel.HOST, own).isPresent()) {
        listen(agent, ManagementRecords.chosen(state, own));
      }
      if (state.rows(ApiModel.HOST).anyMatch(row -> ManagementRecords.isElsewhere(state, row))) {
        store.change(tx ->
            tx.rows(ApiModel.HOST)
                .filter(row -> ManagementRecords.isElsewhere(tx, row))
                .toList()
                .forEach(row ->
                    ManagementRecords.choose(
                        tx,
                        row.ref(),
                        ManagementRecords.interfaceOf(tx, row.ref()).orElseThrow().ref())));
      }
    } finally {
      turn.unlock();
    }
    consoles.refresh();
  }

  /** Listens there, or where it did if that is not possible. */
  static void listen(Agent agent, Optional<InetAddress> address) {
    try {
      agent.manageAt(address);
    } catch (IOException e) {
      LOG.warn("the host cannot be managed at {}: {}", address, e.getMessage());
    }
  }
}
