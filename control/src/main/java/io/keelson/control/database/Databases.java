package io.keelson.control.database;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.DrTaskMessages;
import io.keelson.api.messages.PoolRedoLog;
import io.keelson.api.messages.SessionDatabase;
import io.keelson.api.messages.SrReplication;
import io.keelson.api.messages.VdiDatabase;
import io.keelson.api.messages.VmApplianceRecovery;
import io.keelson.api.messages.VmRecovery;
import io.keelson.control.Resources;
import io.keelson.control.accessor.Accessors;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.gate.Routes;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.session.Sessions;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.control.storage.RedoDisks;
import io.keelson.control.storage.StorageMessages;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies of databases: this pool's, and those of others. */
public final class Databases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Databases.class);

  private final Resources resources;
  private final Sessions sessions;
  private final Supplier<Permissions> permissions;
  private final RecordKeys keys;
  private final MetadataDisks disks;
  private final Path folder;
  private final Replication replication;
  private final RedoDisks logs;
  private final RedoLog log;

  /**
   * @param permissions asked for once all messages are known
   * @param log that changes of the resources' store go to
   * @param folder for copies that are being made or read
   */
  public Databases(
      Resources resources,
      Sessions sessions,
      Supplier<Permissions> permissions,
      RedoLog log,
      Path folder) {
    this.resources = resources;
    this.sessions = sessions;
    this.permissions = permissions;
    this.keys = new RecordKeys(sessions, permissions);
    this.disks = new MetadataDisks(resources);
    this.folder = folder;
    this.logs = new RedoDisks(resources);
    this.log = log;
    this.replication = new Replication(resources, disks, folder);
  }

  /** The messages about copies of the database. */
  public List<BoundMessage> messages() {
    Store store = resources.store();
    return Stream.of(
            SrReplication.bind(new SrReplicationHandler(store, disks, replication)),
            PoolRedoLog.bind(new RedoLogHandler(store, logs, log)),
            VdiDatabase.bind(new VdiDatabaseHandler(store, disks, logs, sessions, folder)),
            SessionDatabase.bind(new SessionDatabaseHandler(sessions, folder)),
            DrTaskMessages.bind(
                new DrTaskMessagesHandler(
                    store,
                    StorageMessages.repositories(resources),
                    StorageMessages.connections(resources))),
            recoveries(store::snapshot))
        .flatMap(List::stream)
        .toList();
  }

  private List<BoundMessage> recoveries(Supplier<Snapshot> from) {
    Store store = resources.store();
    VmExchange exchange = new VmExchange(resources, keys);
    RecoveryTarget target = new RecoveryTarget(sessions, permissions);
    return Stream.concat(
            VmRecovery.bind(new VmRecoveryHandler(from, store, exchange, target)).stream(),
            VmApplianceRecovery.bind(new VmApplianceRecoveryHandler(from, store, exchange, target))
                .stream())
        .toList();
  }

  /** What a session can call that shows a database: whatever reads fields, and recovery. */
  public Routes routes(Snapshot shown) {
    return new Routes(
        recoveries(() -> shown),
        Accessors.all(new ShownStore(shown), sessions, permissions),
        _ -> ShownStore.refusal());
  }

  /** Also removes what the last run left half read or half made. */
  public void start() {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be emptied", folder, e);
      }
    }
    replication.start();
    log.start();
  }

  @Override
  public void close() {
    replication.close();
  }
}
