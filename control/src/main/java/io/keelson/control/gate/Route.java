package io.keelson.control.gate;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.BoundMessage;
import io.keelson.api.Field;
import io.keelson.api.MessageSpec;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.control.session.KeyPermissions;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A message as the gate serves it: what it is, who may send it, and what handles it. */
public record Route(MessageSpec spec, BoundMessage.Binder binder, Guard guard) {

  /** A message that needs its own permission and no other. */
  public static Route of(MessageSpec spec, BoundMessage.Binder binder) {
    return new Route(spec, binder, Guard.permission(spec.permission()));
  }

  /** A message that a handler takes. */
  static Route of(BoundMessage message) {
    MessageSpec spec = message.spec();
    Guard own = Guard.permission(spec.permission());
    List<Guard> guards = new ArrayList<>(List.of(own));
    for (int i = 0; i < spec.parameters().size(); i++) {
      if (spec.parameters().get(i).type() instanceof Type.RecordOf<?> record) {
        guards.add(constructorKeys(i, record.apiClass().get()));
      }
    }
    return new Route(
        spec, message.binder(), guards.size() == 1 ? own : (s, a, p) -> check(guards, s, a, p));
  }

  /** What is said of a message that no handler takes yet. */
  static ApiError unhandled(MessageSpec spec) {
    return switch (spec.status()) {
      case CURRENT, PROTOTYPE -> ApiErrors.notImplemented(spec.wireName());
      case DEPRECATED -> ApiErrors.messageDeprecated();
      case REMOVED -> ApiErrors.messageRemoved();
    };
  }

  /** A message that is answered with an error. */
  static Route refusing(MessageSpec spec, Function<MessageSpec, ApiError> why) {
    return of(
        spec,
        _ ->
            _ -> {
              throw why.apply(spec);
            });
  }

  private static void check(
      List<Guard> guards, LiveSession session, List<Value> arguments, Permissions permissions) {
    guards.forEach(g -> g.check(session, arguments, permissions));
  }

  /** To make an object with a key in a map takes what it takes to set the key. */
  private static <R extends ApiRecord> Guard constructorKeys(int at, ApiClass<R> apiClass) {
    List<Field<R, ?>> keyed =
        apiClass.constructorFields().stream().filter(f -> !f.keyRoles().isEmpty()).toList();
    return (session, arguments, permissions) -> {
      if (!(arguments.get(at) instanceof Value.Structure record)) {
        return;
      }
      for (Field<R, ?> field : keyed) {
        if (record.members().get(field.name()) instanceof Value.Structure map) {
          map.members().keySet().stream()
              .filter(key -> KeyPermissions.hasOwn(field, key))
              .forEach(key ->
                  permissions.require(
                      session,
                      KeyPermissions.of(apiClass.name(), field, KeyPermissions.Form.SET, key)));
        }
      }
    };
  }
}
