package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Pif;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.Map;

/** The condition of tunnels, as it is told. */
final class TunnelRecords {
  private TunnelRecords() {}

  /** Records whether the tunnel behind an access interface works; for others nothing. */
  static void active(Transaction tx, Pif access, boolean active) {
    access
        .tunnelAccessPifOf()
        .forEach(tunnel ->
            tx.update(
                ApiModel.TUNNEL,
                tunnel,
                t -> t.with(b -> b.status(with(t.status(), Boolean.toString(active))))));
  }

  private static Map<String, String> with(Map<String, String> status, String active) {
    Map<String, String> changed = new HashMap<>(status);
    changed.put("active", active);
    return Map.copyOf(changed);
  }
}
