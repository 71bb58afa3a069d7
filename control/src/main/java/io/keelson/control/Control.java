package io.keelson.control;

import io.keelson.api.BoundMessage;
import io.keelson.api.Reply;
import io.keelson.control.accessor.Accessors;
import io.keelson.control.gate.Gate;
import io.keelson.control.gate.Routes;
import io.keelson.control.metrics.MetricsRefresh;
import io.keelson.control.operation.Operations;
import io.keelson.control.session.Accounts;
import io.keelson.control.session.Pauses;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.SessionLimits;
import io.keelson.control.session.SessionMessages;
import io.keelson.control.session.Sessions;
import io.keelson.control.task.TaskHandlers;
import io.keelson.control.task.TaskKeeping;
import io.keelson.control.task.TaskRows;
import io.keelson.control.task.Tasks;
import io.keelson.host.Drivers;
import io.keelson.store.Derivation;
import io.keelson.store.Store;
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
  private static final Duration CHORES = Duration.ofSeconds(30);
  private static final Duration METRICS = Duration.ofSeconds(5);

  private final Resources resources;
  private final Sessions sessions;
  private final Tasks tasks;
  private final TaskKeeping keeping;
  private final Routes routes;
  private final Permissions permissions;
  private final Gate gate;
  private final Background background;
  private final MetricsRefresh metrics;

  /**
   * @param store opened with {@link #derivation}
   * @param resultText a reply as task.result shows it: its XML-RPC text
   * @param pauses how whoever guesses passwords is made to wait
   */
  public Control(
      Store store,
      Drivers drivers,
      Clock clock,
      Function<Reply, String> resultText,
      Pauses pauses) {
    TaskRows rows = new TaskRows(clock, resultText);
    resources = new Resources(store, new Operations(store, rows), rows, drivers, clock);
    sessions = new Sessions(store, clock, SessionLimits.USUAL);
    tasks = new Tasks(store, rows);
    keeping = new TaskKeeping(store, rows, tasks, clock);
    Accounts accounts = new Accounts(store, clock, pauses);
    List<BoundMessage> handlers =
        Stream.of(
                SessionMessages.all(store, sessions, accounts),
                TaskHandlers.all(store, rows, tasks, sessions, this::permissions),
                Subjects.messages(resources))
            .flatMap(List::stream)
            .toList();
    routes = new Routes(handlers, Accessors.all(store, sessions, this::permissions));
    permissions = routes.permissions();
    gate = new Gate(routes, permissions, sessions, accounts, tasks);
    metrics = new MetricsRefresh(resources, METRICS);
    background =
        new Background(
            CHORES, List.of(sessions::expire, sessions::publishActivity, keeping::clear));
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
    Subjects.recoveries(resources).forEach(Recovery::recover);
    keeping.recover();
    sessions.load();
    background.start();
    metrics.start();
  }

  public Gate gate() {
    return gate;
  }

  public Sessions sessions() {
    return sessions;
  }

  /** How much of the API is handled. */
  public Coverage coverage() {
    return Coverage.of(routes);
  }

  private Permissions permissions() {
    return permissions;
  }

  /** Ends the work in the background and waits a moment for calls that tasks follow. */
  @Override
  public void close() {
    metrics.close();
    background.close();
    tasks.close();
  }
}
