package io.keelson.control.session;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Call;
import io.keelson.api.Field;
import io.keelson.api.Type;
import java.util.Map;
import java.util.function.Supplier;

/** Whether a caller may bring in objects with the keys that their maps have. */
public final class RecordKeys {
  private final Sessions sessions;
  private final Supplier<Permissions> permissions;

  /**
   * @param permissions asked for once all messages are known
   */
  public RecordKeys(Sessions sessions, Supplier<Permissions> permissions) {
    this.sessions = sessions;
    this.permissions = permissions;
  }

  /**
   * To bring in an object with a key takes what it takes to set the key.
   *
   * @throws io.keelson.api.ApiError RBAC_PERMISSION_DENIED
   */
  public <R extends ApiRecord> void require(Call call, ApiClass<R> apiClass, R record) {
    LiveSession session = sessions.require(call.session().text());
    for (Field<R, ?> field : apiClass.visibleFields()) {
      require(session, apiClass, field, record);
    }
  }

  private <R extends ApiRecord> void require(
      LiveSession session, ApiClass<R> apiClass, Field<R, ?> field, R record) {
    if (field.keyRoles().isEmpty()
        || !(field.type() instanceof Type.MapOf<?, ?>)
        || !(field.of(record) instanceof Map<?, ?> map)) {
      return;
    }
    map.keySet().stream()
        .map(String::valueOf)
        .filter(key -> KeyPermissions.hasOwn(field, key))
        .forEach(key ->
            permissions
                .get()
                .require(
                    session,
                    KeyPermissions.of(apiClass.name(), field, KeyPermissions.Form.SET, key)));
  }
}
