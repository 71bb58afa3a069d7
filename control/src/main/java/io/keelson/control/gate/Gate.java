package io.keelson.control.gate;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Arguments;
import io.keelson.api.BoundMessage;
import io.keelson.api.CleanText;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Types;
import io.keelson.api.Value;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.control.audit.AuditTrail;
import io.keelson.control.session.Accounts;
import io.keelson.control.session.Identity;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.control.task.Tasks;
import io.keelson.control.task.Transfers;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets calls in. In this order: the message's name, the number of parameters, their types, the
 * session, the role; then the message is handled.
 */
public final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final String LIST_METHODS = "system.listMethods";
  private static final String IS_ALIVE = "system.isAlive";
  private static final String SESSION_PARAMETER = "session_id";

  /** What a session may send that is good on one host alone, for emergencies. */
  private static final Set<String> FOR_LOCAL_SESSIONS =
      Set.of(
          "session.local_logout",
          "host.emergency_ha_disable",
          "host.local_management_reconfigure",
          "host.shutdown_agent",
          "pool.emergency_transition_to_master",
          "pool.emergency_reset_master");

  private final Routes routes;
  private final Permissions permissions;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Tasks tasks;
  private final Transfers transfers;
  private final AuditTrail audit;
  private final ShownDatabases databases;

  /**
   * @param shown what a session can call that shows a database
   */
  public Gate(
      Routes routes,
      Permissions permissions,
      Sessions sessions,
      Accounts accounts,
      Tasks tasks,
      Transfers transfers,
      AuditTrail audit,
      Function<Snapshot, Routes> shown) {
    this.routes = routes;
    this.permissions = permissions;
    this.sessions = sessions;
    this.accounts = accounts;
    this.tasks = tasks;
    this.transfers = transfers;
    this.audit = audit;
    this.databases = new ShownDatabases(shown);
  }

  /** Every permission that calls are held against. */
  public Permissions permissions() {
    return permissions;
  }

  /** Calls a message by its name on the wire. Blocks until it is done; raises nothing. */
  public Outcome call(String method, List<Value> parameters, Caller caller) {
    try {
      return answer(method, parameters, caller);
    } catch (ApiError error) {
      return new Outcome.Failed(error);
    } catch (RuntimeException failure) {
      String id = UUID.randomUUID().toString();
      LOG.error("failure {} in a call of {}", id, method, failure);
      return new Outcome.Failed(
          ApiErrors.internalError(List.of("Unexpected failure; the log says more under " + id)));
    }
  }

  /** {@link #authorise} for a request that no task waits for. */
  public Admission authorise(Credentials credentials, HttpAction action, Caller caller) {
    return authorise(credentials, action, caller, Optional.empty());
  }

  /**
   * Lets in a request that is no call of a message: a file, a console.
   *
   * @param task that the request is to end; it fails when the caller's role forbids the request
   * @throws ApiError SESSION_INVALID, SESSION_AUTHENTICATION_FAILED, RBAC_PERMISSION_DENIED
   */
  public Admission authorise(
      Credentials credentials, HttpAction action, Caller caller, Optional<Ref<Task>> task) {
    return switch (credentials) {
      case Credentials.SessionReference(String ref) -> {
        LiveSession session = sessions.require(ref);
        if (session.local() || session.database().isPresent()) {
          throw ApiErrors.sessionInvalid(ref);
        }
        require(session, action, task);
        yield new Admission(session.ref(), () -> {});
      }
      case Credentials.NameAndPassword(String name, String password) ->
          admit(accounts.authenticate(name, password, caller.origin().address()), action, task);
      case Credentials.Administrator() -> {
        if (!caller.origin().administrator()) {
          throw ApiErrors.sessionInvalid("");
        }
        yield admit(accounts.superuser(), action, task);
      }
    };
  }

  private Admission admit(Identity identity, HttpAction action, Optional<Ref<Task>> task) {
    Ref<Session> ref = sessions.open(identity, "");
    try {
      require(sessions.require(ref.text()), action, task);
    } catch (ApiError refused) {
      close(ref);
      throw refused;
    }
    return new Admission(ref, () -> close(ref));
  }

  private void require(LiveSession session, HttpAction action, Optional<Ref<Task>> task) {
    try {
      permissions.require(session, action.permission());
      if (action.role() != AccessRole.READ_ONLY) {
        audit.request(session, action.permission(), Optional.empty());
      }
    } catch (ApiError refused) {
      audit.request(session, action.permission(), Optional.of(refused));
      task.ifPresent(t -> transfers.refuse(session, t, refused));
      throw refused;
    }
  }

  private void close(Ref<Session> ref) {
    if (sessions.isLive(ref)) {
      sessions.close(ref);
    }
  }

  private Outcome answer(String method, List<Value> parameters, Caller caller) {
    if (method.equals(LIST_METHODS)) {
      return new Outcome.BareArray(routes.names());
    }
    if (method.startsWith(IS_ALIVE)) {
      return new Outcome.Answered(isAlive(parameters));
    }
    Routes.Match match = routes.find(method).orElseThrow(() -> unknown(method, parameters));
    MessageSpec spec = match.route().spec();
    if (match.async() && !spec.async()) {
      throw ApiErrors.fault("No async mode for this operation (rpc: %s)".formatted(method));
    }
    if (spec.status() == MessageSpec.Status.REMOVED && !routes.handles(spec)) {
      throw ApiErrors.messageRemoved();
    }
    List<Value> arguments = arguments(spec, method, parameters);
    BoundMessage.Invocation body = match.route().binder().bind(new Arguments(arguments));
    Ref<Session> session = Ref.none();
    Optional<LiveSession> sender = Optional.empty();
    if (spec.session()) {
      LiveSession live = session(spec, parameters.getFirst());
      require(live, match.route(), arguments);
      session = live.ref();
      sender = Optional.of(live);
      if (live.database().isPresent()) {
        body = databases.route(live, match.route()).binder().bind(new Arguments(arguments));
      }
    }
    body = audit.recorded(sender, spec, arguments, body);
    return new Outcome.Answered(
        match.async()
            ? Reply.of(Types.STRING, tasks.start(spec, session, caller.origin(), body).text())
            : tasks.run(spec, session, caller.origin(), body));
  }

  private void require(LiveSession session, Route route, List<Value> arguments) {
    try {
      route.guard().check(session, arguments, permissions);
    } catch (ApiError refused) {
      audit.refused(Optional.of(session), route.spec(), arguments, refused);
      throw refused;
    }
  }

  /** A session comes first in an unknown message too, and is looked at first. */
  private ApiError unknown(String method, List<Value> parameters) {
    if (!parameters.isEmpty()
        && parameters.getFirst() instanceof Value.Text(String ref)
        && !sessions.isLive(Ref.of(ref))) {
      return ApiErrors.sessionInvalid(ref);
    }
    return ApiErrors.messageMethodUnknown(method);
  }

  private static Reply isAlive(List<Value> parameters) {
    return parameters.isEmpty() ? Reply.NOTHING : out -> Echo.write(parameters.getFirst(), out);
  }

  private static List<Value> arguments(MessageSpec spec, String method, List<Value> parameters) {
    int before = spec.session() ? 1 : 0;
    int received = parameters.size() - before;
    int mandatory = spec.mandatory();
    boolean mayBeMore = mandatory < spec.parameters().size();
    if (received < mandatory || (received > mandatory && !mayBeMore)) {
      throw ApiErrors.messageParameterCountMismatch(
          method, Integer.toString(mandatory), Integer.toString(received));
    }
    List<Value> arguments = parameters.subList(before, parameters.size());
    if (spec.session()) {
      CleanText.require(parameters.getFirst(), SESSION_PARAMETER);
    }
    for (int i = 0; i < Math.min(received, spec.parameters().size()); i++) {
      CleanText.require(arguments.get(i), spec.parameters().get(i).name());
    }
    return arguments;
  }

  private LiveSession session(MessageSpec spec, Value parameter) {
    String ref = Types.STRING.read(parameter, SESSION_PARAMETER);
    LiveSession session = sessions.require(ref);
    if (session.local() && !FOR_LOCAL_SESSIONS.contains(spec.wireName())) {
      throw ApiErrors.sessionInvalid(ref);
    }
    return session;
  }
}
