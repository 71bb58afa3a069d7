package io.keelson.control.accessor;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.BoundMessage;
import io.keelson.api.Field;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.control.gate.Guard;
import io.keelson.control.gate.Route;
import io.keelson.control.session.KeyPermissions;
import io.keelson.control.session.KeyPermissions.Form;
import io.keelson.store.Store;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The messages that set a map, add a key to it and remove one. */
final class MapMessages<R extends ApiRecord, K, V> {
  private final ApiClass<R> apiClass;
  private final Field<R, Map<K, V>> field;
  private final Type.MapOf<K, V> type;
  private final Store store;
  private final KeyRights rights;
  private final Param<Ref<R>> self;
  private final Param<K> key;

  MapMessages(
      ApiClass<R> apiClass,
      Field<R, Map<K, V>> field,
      Type.MapOf<K, V> type,
      Store store,
      KeyRights rights) {
    this.apiClass = apiClass;
    this.field = field;
    this.type = type;
    this.store = store;
    this.rights = rights;
    this.self = Specs.self(apiClass);
    this.key = Specs.param("key", type.keys());
  }

  List<Route> routes() {
    return List.of(setter(), adder(), remover());
  }

  /** A key that changes needs its own permission, whichever message changes it. */
  private Route setter() {
    Param<Map<K, V>> value = Specs.param("value", type);
    return Route.of(
        Specs.of(apiClass, Form.SET.message(field.name()), field.writer(), List.of(self, value)),
        in -> {
          Ref<R> ref = in.next(self);
          Map<K, V> after = in.next(value);
          return call -> {
            store.change(tx ->
                tx.update(
                    apiClass,
                    ref,
                    r -> {
                      rights.requireForChanges(call, apiClass, field, type, field.of(r), after);
                      return field.with(r, after);
                    }));
            return Reply.NOTHING;
          };
        });
  }

  private Route adder() {
    Param<V> value = Specs.param("value", type.values());
    return keyed(
        Form.ADD,
        List.of(self, key, value),
        in -> {
          Ref<R> ref = in.next(self);
          K k = in.next(key);
          V v = in.next(value);
          return _ -> {
            store.change(
                tx -> tx.update(apiClass, ref, r -> field.with(r, plus(ref, field.of(r), k, v))));
            return Reply.NOTHING;
          };
        });
  }

  /** To remove a key that is not there is no change. */
  private Route remover() {
    return keyed(
        Form.REMOVE,
        List.of(self, key),
        in -> {
          Ref<R> ref = in.next(self);
          K k = in.next(key);
          return _ -> {
            if (field.of(store.snapshot().get(apiClass, ref)).containsKey(k)) {
              store.change(
                  tx -> tx.update(apiClass, ref, r -> field.with(r, minus(field.of(r), k))));
            }
            return Reply.NOTHING;
          };
        });
  }

  /** The permission depends on the key, which is the second argument. */
  private Route keyed(Form form, List<Param<?>> parameters, BoundMessage.Binder binder) {
    Guard guard =
        (session, arguments, permissions) ->
            permissions.require(session, permission(form, arguments.get(1)));
    return new Route(
        Specs.of(apiClass, form.message(field.name()), field.writer(), parameters), binder, guard);
  }

  private String permission(Form form, Value argument) {
    String text = type.keys().key(type.keys().read(argument, key.name()));
    return KeyPermissions.of(apiClass.name(), field, form, text);
  }

  private Map<K, V> plus(Ref<R> ref, Map<K, V> before, K added, V value) {
    if (before.containsKey(added)) {
      throw ApiErrors.mapDuplicateKey(
          apiClass.name(), field.name(), ref.text(), type.keys().key(added));
    }
    Map<K, V> after = new LinkedHashMap<>(before);
    after.put(added, value);
    return Collections.unmodifiableMap(after);
  }

  private Map<K, V> minus(Map<K, V> before, K removed) {
    Map<K, V> after = new LinkedHashMap<>(before);
    after.remove(removed);
    return Collections.unmodifiableMap(after);
  }
}
