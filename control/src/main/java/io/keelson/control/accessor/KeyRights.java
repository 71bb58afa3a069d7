package io.keelson.control.accessor;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Call;
import io.keelson.api.Field;
import io.keelson.api.Type;
import io.keelson.control.session.KeyPermissions;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Whether a call that sets a whole map may change the keys that it changes. */
final class KeyRights {
  private final Sessions sessions;
  private final Supplier<Permissions> permissions;

  KeyRights(Sessions sessions, Supplier<Permissions> permissions) {
    this.sessions = sessions;
    this.permissions = permissions;
  }

  /**
   * @throws io.keelson.api.ApiError RBAC_PERMISSION_DENIED for a key that is added, removed or
   *     given another value without the key's own permission
   */
  <R extends ApiRecord, K, V> void requireForChanges(
      Call call,
      ApiClass<R> apiClass,
      Field<R, Map<K, V>> field,
      Type.MapOf<K, V> type,
      Map<K, V> before,
      Map<K, V> after) {
    if (field.keyRoles().isEmpty()) {
      return;
    }
    LiveSession session = sessions.require(call.session().text());
    Set<K> keys = new HashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (K key : keys) {
      String text = type.keys().key(key);
      if (!Objects.equals(before.get(key), after.get(key)) && KeyPermissions.hasOwn(field, text)) {
        permissions
            .get()
            .require(
                session, KeyPermissions.of(apiClass.name(), field, KeyPermissions.Form.SET, text));
      }
    }
  }
}
