package io.keelson.control.rules;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.store.Snapshot;
import java.util.UUID;

/** What drivers know a host by: its uuid. */
public final class HostId {
  private HostId() {}

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  public static UUID of(Snapshot state, Ref<Host> host) {
    return UUID.fromString(state.get(ApiModel.HOST, host).uuid());
  }
}
