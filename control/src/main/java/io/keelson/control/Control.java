package io.keelson.control;

import io.keelson.api.BoundMessage;
import io.keelson.api.Reply;
import io.keelson.control.access.AccessMessages;
import io.keelson.control.access.RoleRows;
import io.keelson.control.accessor.Accessors;
import io.keelson.control.alert.AlertMessages;
import io.keelson.control.alert.Alerts;
import io.keelson.control.alert.alarm.Alarms;
import io.keelson.control.audit.AuditLog;
import io.keelson.control.audit.AuditTrail;
import io.keelson.control.backup.HostBackup;
import io.keelson.control.blob.Blobs;
import io.keelson.control.console.ConsoleAccess;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.database.Databases;
import io.keelson.control.database.LoggedStore;
import io.keelson.control.database.RedoLog;
import io.keelson.control.database.dump.Restore;
import io.keelson.control.directory.ExternalAuthentication;
import io.keelson.control.event.Events;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.gate.Gate;
import io.keelson.control.gate.Routes;
import io.keelson.control.host.Agent;
import io.keelson.control.host.HostMessages;
import io.keelson.control.host.StatusReport;
import io.keelson.control.host.SyslogTarget;
import io.keelson.control.host.TlsSettingsHandler;
import io.keelson.control.host.management.Management;
import io.keelson.control.metrics.MetricsMessages;
import io.keelson.control.metrics.MetricsRefresh;
import io.keelson.control.metrics.Statistics;
import io.keelson.control.operation.Operations;
import io.keelson.control.patch.Patches;
import io.keelson.control.pool.PoolMessages;
import io.keelson.control.pool.ha.HighAvailability;
import io.keelson.control.session.Accounts;
import io.keelson.control.session.Pauses;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.session.SessionLimits;
import io.keelson.control.session.SessionMessages;
import io.keelson.control.session.Sessions;
import io.keelson.control.storage.Coalescing;
import io.keelson.control.storage.RawVdis;
import io.keelson.control.task.TaskHandlers;
import io.keelson.control.task.TaskKeeping;
import io.keelson.control.task.TaskRows;
import io.keelson.control.task.Tasks;
import io.keelson.control.task.Transfers;
import io.keelson.control.vm.guest.GuestRefresh;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.control.wlb.WlbReports;
import io.keelson.host.Drivers;
import io.keelson.store.Derivation;
import io.keelson.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All of it put together: made over an open store, started once the objects of first boot exist,
 * closed before the store is.
 */
public final class Control implements AutoCloseable {
  /** How often it is asked whose turn it is; the directory's settings say when that comes. */
  private static final Duration REVALIDATION = Duration.ofSeconds(5);

  /** How soon the audit log is on the medium. */
  private static final Duration AUDITING = Duration.ofSeconds(1);

  /** How soon the server listens at the new address of its host. */
  private static final Duration FOLLOWING = Duration.ofSeconds(5);

  private static final Duration CHORES = Duration.ofSeconds(30);
  private static final Duration METRICS = Duration.ofSeconds(5);
  private static final Duration GUESTS = Duration.ofSeconds(2);

  private final Resources resources;
  private final ConsoleLocations consoleLocations;
  private final Subjects subjects;
  private final Blobs blobs;
  private final HostBackup backup;
  private final RedoLog redo;
  private final Databases databases;
  private final HighAvailability ha;
  private final Patches patches;
  private final Sessions sessions;
  private final RecordKeys keys;
  private final Tasks tasks;
  private final Transfers transfers;
  private final TaskKeeping keeping;
  private final Events events;
  private final Routes routes;
  private final Permissions permissions;
  private final Gate gate;
  private final AuditLog audit;
  private final Background auditing;
  private final Background background;
  private final Background revalidation;
  private final Background following;
  private final Statistics statistics;
  private final MetricsRefresh metrics;
  private final Agent agent;
  private final Management management;
  private final StatusReport report;
  private final GuestRefresh guests;
  private final Coalescing coalescing;

  /**
   * @param opened the store, opened with {@link #derivation}
   * @param resultText a reply as task.result shows it: its XML-RPC text
   * @param pauses how whoever guesses passwords is made to wait
   * @param lifecycle what the configuration says about running VMs
   * @param data folder for statistics and blobs
   * @param agent this server
   */
  public Control(
      Store opened,
      Drivers drivers,
      Clock clock,
      Function<Reply, String> resultText,
      Pauses pauses,
      LifecycleSettings lifecycle,
      Path data,
      Agent agent) {
    TaskRows rows = new TaskRows(clock, resultText);
    Path copies = data.resolve("database");
    redo = new RedoLog(resources(opened, rows, drivers, clock), copies);
    Store store = new LoggedStore(opened, redo);
    resources = resources(store, rows, drivers, clock);
    consoleLocations = new ConsoleLocations(store);
    blobs = new Blobs(store, clock, data.resolve("blobs"));
    backup = new HostBackup(store, derivation(), data, clock);
    sessions = new Sessions(store, clock, SessionLimits.USUAL);
    keys = new RecordKeys(sessions, this::permissions);
    subjects = new Subjects(resources, lifecycle, consoleLocations, keys);
    databases = new Databases(resources, sessions, this::permissions, redo, copies);
    ha = new HighAvailability(resources, subjects.power(), redo);
    patches = new Patches(resources, data.resolve("patches"));
    tasks = new Tasks(store, rows);
    keeping = new TaskKeeping(store, rows, tasks, clock);
    ExternalAuthentication external =
        new ExternalAuthentication(store, clock, sessions, drivers.directories());
    Accounts accounts = new Accounts(store, clock, pauses, external.users());
    events = new Events(store, sessions, clock);
    statistics = new Statistics(data.resolve("metrics"));
    this.agent = agent;
    management = new Management(store, agent, consoleLocations);
    report = new StatusReport(store, drivers.machine(), agent);
    metrics =
        new MetricsRefresh(
            resources, statistics, METRICS, new Alarms(store, new Alerts(clock))::check);
    List<BoundMessage> handlers =
        Stream.of(
                SessionMessages.all(store, sessions, accounts),
                events.all(),
                AccessMessages.all(store, sessions),
                external.messages(),
                HostMessages.all(
                    resources, sessions, subjects.power(), agent, management, report, this::names),
                PoolMessages.all(resources),
                ha.messages(),
                patches.messages(),
                TaskHandlers.all(store, rows, tasks, sessions, this::permissions),
                subjects.messages(),
                blobs.messages(),
                databases.messages(),
                AlertMessages.all(store, clock),
                MetricsMessages.all(store, statistics, metrics))
            .flatMap(List::stream)
            .toList();
    routes = new Routes(handlers, Accessors.all(store, sessions, this::permissions));
    permissions = routes.permissions();
    transfers = new Transfers(store, rows, tasks, sessions, this::permissions);
    audit = AuditLog.in(data.resolve("audit"), clock);
    gate =
        new Gate(
            routes,
            permissions,
            sessions,
            accounts,
            tasks,
            transfers,
            new AuditTrail(store, audit),
            databases::routes);
    guests = new GuestRefresh(resources, GUESTS);
    coalescing = new Coalescing(resources, tasks);
    // It waits for a directory, and other chores must not.
    revalidation = new Background(REVALIDATION, List.of(external::revalidate));
    following = new Background(FOLLOWING, List.of(management::follow));
    auditing = new Background(AUDITING, List.of(audit::sync));
    background =
        new Background(
            CHORES,
            Stream.concat(
                    Stream.<Runnable>of(
                        sessions::expire,
                        sessions::publishActivity,
                        keeping::clear,
                        events::clear,
                        () -> AlertMessages.trim(store),
                        blobs::sweep),
                    subjects.chores().stream())
                .toList());
  }

  private static Resources resources(Store store, TaskRows rows, Drivers drivers, Clock clock) {
    return new Resources(store, new Operations(store, rows), rows, drivers, clock);
  }

  /** What the store has to be opened with. */
  public static Derivation derivation() {
    return Subjects.derivation();
  }

  /**
   * Takes up where the last run ended: recovers operations and tasks, loads sessions, begins the
   * work in the background. Only then may the gate be offered to anybody.
   */
  public void start() {
    audit.open();
    subjects.recoveries().forEach(Recovery::recover);
    StaleClaims.clear(resources.store());
    keeping.recover();
    patches.recover();
    blobs.sweep();
    new RoleRows(permissions).reconcile(resources.store());
    sessions.load();
    sessions.publishActivity();
    background.start();
    revalidation.start();
    following.start();
    auditing.start();
    metrics.start();
    guests.start();
    coalescing.start();
    databases.start();
    ha.start();
    SyslogTarget.applyAll(resources.store().snapshot(), agent);
    TlsSettingsHandler.apply(resources.store().snapshot(), agent);
  }

  public Gate gate() {
    return gate;
  }

  /** At which address the server's host is managed. */
  public Management management() {
    return management;
  }

  /** At which URLs consoles are found. */
  public ConsoleLocations consoleLocations() {
    return consoleLocations;
  }

  /** The consoles that clients may have. */
  public ConsoleAccess consoles() {
    return new ConsoleAccess(resources.store(), resources.drivers().compute(), sessions);
  }

  /** Runs file transfers. */
  public Transfers transfers() {
    return transfers;
  }

  /** What hosts tell of themselves when something is wrong. */
  public StatusReport report() {
    return report;
  }

  /** What was measured. */
  public Statistics statistics() {
    return statistics;
  }

  /** What callers did. */
  public AuditLog audit() {
    return audit;
  }

  /** Blobs and what they hold. */
  public Blobs blobs() {
    return blobs;
  }

  /** The database as a file, there and back. */
  public Restore restore() {
    return new Restore(resources.store(), agent);
  }

  /** What the host's toolstack keeps, there and back. */
  public HostBackup backup() {
    return backup;
  }

  /**
   * What the pool's workload balancing server writes.
   *
   * @param scratch folder for what is on its way
   */
  public WlbReports wlbReports(Path scratch) {
    return new WlbReports(resources, scratch);
  }

  /** The patches of the pool. */
  public Patches patches() {
    return patches;
  }

  /** VMs as archives. */
  public VmExchange exchange() {
    return new VmExchange(resources, keys);
  }

  /**
   * Disks that clients send and fetch.
   *
   * @param scratch folder for what is uploaded and not yet dealt with
   */
  public RawVdis rawVdis(Path scratch) {
    return new RawVdis(resources, scratch);
  }

  /** Every message there is. */
  public Routes routes() {
    return routes;
  }

  public Sessions sessions() {
    return sessions;
  }

  /** How much of the API is handled. */
  public Coverage coverage() {
    return Coverage.of(routes);
  }

  private List<String> names() {
    return routes.names();
  }

  private Permissions permissions() {
    return permissions;
  }

  /** Ends the work in the background and waits a moment for calls that tasks follow. */
  @Override
  public void close() {
    patches.close();
    ha.close();
    guests.close();
    metrics.close();
    coalescing.close();
    databases.close();
    revalidation.close();
    following.close();
    background.close();
    tasks.close();
    auditing.close();
    audit.close();
    redo.close();
  }
}
