package io.keelson.control.accessor;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Type;
import io.keelson.control.ObjectClasses;
import io.keelson.control.gate.Route;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All messages that follow from the fields of the classes. */
public final class Accessors {
  private final Store store;
  private final KeyRights rights;

  private Accessors(Store store, KeyRights rights) {
    this.store = store;
    this.rights = rights;
  }

  /**
   * @param permissions asked for once all messages are known
   */
  public static List<Route> all(Store store, Sessions sessions, Supplier<Permissions> permissions) {
    Accessors accessors = new Accessors(store, new KeyRights(sessions, permissions));
    return ObjectClasses.ALL.stream().flatMap(c -> accessors.of(c).stream()).toList();
  }

  private <R extends ApiRecord> List<Route> of(ApiClass<R> apiClass) {
    AccessRole reader = reader(apiClass);
    List<Route> routes = new ArrayList<>(new Finders<>(apiClass, store, reader).routes());
    apiClass.visibleFields().forEach(f -> routes.addAll(of(apiClass, f, reader)));
    return routes;
  }

  private <R extends ApiRecord, T> List<Route> of(
      ApiClass<R> apiClass, Field<R, T> field, AccessRole reader) {
    PlainMessages<R, T> plain = new PlainMessages<>(apiClass, field, store);
    List<Route> routes = new ArrayList<>(List.of(plain.getter(reader)));
    switch (field.access()) {
      case READ_ONLY, INTERNAL -> {}
      case READ_WRITE -> {
        switch (field.type()) {
          case Type.MapOf<?, ?> map -> routes.addAll(ofMap(apiClass, field, map));
          case Type.ListOf<?> list -> {
            routes.add(plain.setter());
            routes.addAll(ofList(apiClass, field, list));
          }
          case Type.Single<?> _, Type.SetOf<?> _ -> routes.add(plain.setter());
        }
      }
    }
    return routes;
  }

  @SuppressWarnings("unchecked") // a field whose type is a MapOf<K, V> is one of Map<K, V>
  private <R extends ApiRecord, K, V> List<Route> ofMap(
      ApiClass<R> apiClass, Field<R, ?> field, Type.MapOf<K, V> type) {
    Field<R, Map<K, V>> map = (Field<R, Map<K, V>>) field;
    return new MapMessages<>(apiClass, map, type, store, rights).routes();
  }

  @SuppressWarnings("unchecked") // a field whose type is a ListOf<E> is one of List<E>
  private <R extends ApiRecord, E> List<Route> ofList(
      ApiClass<R> apiClass, Field<R, ?> field, Type.ListOf<E> type) {
    Field<R, List<E>> list = (Field<R, List<E>>) field;
    return new ListMessages<>(apiClass, list, type, store).routes();
  }

  /** Everybody reads everything but secrets: to read one is to be able to use it. */
  private static AccessRole reader(ApiClass<?> apiClass) {
    return apiClass == ApiModel.SECRET ? apiClass.writer() : AccessRole.READ_ONLY;
  }
}
