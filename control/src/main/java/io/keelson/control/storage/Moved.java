package io.keelson.control.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a disk that has just moved came from, in its sm_config until the old volume is destroyed:
 * so a server that is ended in between knows what to destroy.
 *
 * @param sr uuid of the repository
 */
record Moved(UUID sr, UUID volume) {
  private static final String KEY = "moved-from";

  /** The settings of a disk that is about to take another's place. */
  static Map<String, String> from(Map<String, String> smConfig, UUID sr, UUID volume) {
    Map<String, String> config = ChainRecords.without(smConfig);
    config.put(KEY, sr + "/" + volume);
    return Map.copyOf(config);
  }

  /** The settings once nothing is left at the old place. */
  static Map<String, String> arrived(Map<String, String> smConfig) {
    Map<String, String> config = new LinkedHashMap<>(smConfig);
    config.remove(KEY);
    return Map.copyOf(config);
  }

  /** What the settings say; empty for a disk that is not on the move. */
  static Optional<Moved> of(Map<String, String> smConfig) {
    String[] parts = smConfig.getOrDefault(KEY, "").split("/", -1);
    try {
      return parts.length == 2
          ? Optional.of(new Moved(UUID.fromString(parts[0]), UUID.fromString(parts[1])))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // written by somebody else
    }
  }
}
