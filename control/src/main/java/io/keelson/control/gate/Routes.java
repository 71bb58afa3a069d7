package io.keelson.control.gate;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.BoundMessage;
import io.keelson.api.Field;
import io.keelson.api.MessageSpec;
import io.keelson.control.session.KeyPermissions;
import io.keelson.control.session.Permissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Every message there is, by its names on the wire. Made once, at the start. */
public final class Routes {
  private static final List<String> ASYNC = List.of("Async.", "InternalAsync.");

  private final Map<String, Route> byName = new TreeMap<>();
  private final Map<String, Route> byAlias = new HashMap<>();
  private final Set<String> handled = new HashSet<>();

  /**
   * What a name on the wire means.
   *
   * @param async whether a task is to follow the call
   */
  record Match(Route route, boolean async) {}

  /**
   * @param handlers messages of the model with what handles them
   * @param implicit messages that follow from the fields; one of the model by the same name wins
   */
  public Routes(List<BoundMessage> handlers, List<Route> implicit) {
    this(handlers, implicit, Route::unhandled);
  }

  /**
   * @param others what a message that nothing handles is answered with
   */
  public Routes(
      List<BoundMessage> handlers, List<Route> implicit, Function<MessageSpec, ApiError> others) {
    ApiModel.MESSAGES.forEach(spec -> byName.put(spec.wireName(), Route.refusing(spec, others)));
    Set<String> explicit = Set.copyOf(byName.keySet());
    for (BoundMessage message : handlers) {
      String name = message.spec().wireName();
      if (!explicit.contains(name) || !handled.add(name)) {
        throw new IllegalStateException(name + " is handled twice, or not in the model");
      }
      byName.put(name, Route.of(message));
    }
    for (Route route : implicit) {
      if (!explicit.contains(route.spec().wireName())) {
        byName.put(route.spec().wireName(), route);
      }
    }
    byName.forEach((name, route) -> byAlias.put(name.replaceFirst("\\.", "_"), route));
  }

  Optional<Match> find(String method) {
    Route route = byName.get(method);
    if (route == null) {
      route = byAlias.get(method);
    }
    if (route != null) {
      return Optional.of(new Match(route, false));
    }
    return ASYNC.stream()
        .filter(method::startsWith)
        .map(prefix -> byName.get(method.substring(prefix.length())))
        .flatMap(r -> Optional.ofNullable(r).stream())
        .map(r -> new Match(r, true))
        .findFirst();
  }

  /** All wire names, in order; the forms with a prefix are not among them. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  public Collection<Route> all() {
    return List.copyOf(byName.values());
  }

  /** Whether something handles a message of the model. */
  public boolean handles(MessageSpec spec) {
    return handled.contains(spec.wireName());
  }

  /** Every permission that the messages, the keys of maps and the file handlers ask for. */
  public Permissions permissions() {
    Map<String, Optional<AccessRole>> roles = new HashMap<>();
    byName.values().forEach(r -> roles.put(r.spec().permission(), r.spec().role()));
    ApiModel.CLASSES.forEach(c -> addKeys(c, roles));
    for (HttpAction action : HttpAction.values()) {
      roles.put(action.permission(), Optional.of(action.role()));
    }
    roles.put(Permissions.TASK_DESTROY_ANY, Optional.of(AccessRole.POOL_OPERATOR));
    return new Permissions(roles);
  }

  private static <R extends ApiRecord> void addKeys(
      ApiClass<R> apiClass, Map<String, Optional<AccessRole>> roles) {
    for (Field<R, ?> field : apiClass.visibleFields()) {
      roles.putAll(KeyPermissions.all(apiClass.name(), field));
    }
  }
}
