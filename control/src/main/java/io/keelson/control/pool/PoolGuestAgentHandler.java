package io.keelson.control.pool;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolGuestAgent;
import io.keelson.api.model.Pool;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;

/** What the pool tells the agents inside of its guests. Running ones hear of it by themselves. */
record PoolGuestAgentHandler(Store store) implements PoolGuestAgent {
  private static final String FIELD = "guest_agent_config";

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE for a key or value that means nothing to agents;
   *     MAP_DUPLICATE_KEY
   */
  @Override
  public void addToGuestAgentConfig(Call call, Ref<Pool> self, String key, String value) {
    store.change(tx -> {
      Map<String, String> config = new HashMap<>(tx.get(ApiModel.POOL, self).guestAgentConfig());
      if (!means(key, value)) {
        throw ApiErrors.invalidValue(FIELD, key + " = " + value);
      }
      if (config.putIfAbsent(key, value) != null) {
        throw ApiErrors.mapDuplicateKey("pool", FIELD, self.text(), key);
      }
      set(tx, self, config);
    });
  }

  @Override
  public void removeFromGuestAgentConfig(Call call, Ref<Pool> self, String key) {
    store.change(tx -> {
      Map<String, String> config = new HashMap<>(tx.get(ApiModel.POOL, self).guestAgentConfig());
      config.remove(key);
      set(tx, self, config);
    });
  }

  private static void set(Transaction tx, Ref<Pool> self, Map<String, String> config) {
    tx.update(ApiModel.POOL, self, p -> p.with(b -> b.guestAgentConfig(Map.copyOf(config))));
  }

  private static boolean means(String key, String value) {
    return switch (key) {
      case "auto_update_enabled" -> value.equals("true") || value.equals("false");
      case "auto_update_url" -> isWebAddress(value);
      default -> false;
    };
  }

  private static boolean isWebAddress(String text) {
    try {
      URI uri = new URI(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
