package io.keelson.host;

import java.util.Map;

/**
 * The facts of one kind of storage, as SM shows them.
 *
 * @param type the SR type ("file", "iso")
 * @param name for people
 * @param description for people
 * @param contentType what its repositories hold: "user" or "iso"
 * @param features name to version, only what the kind really does
 * @param configuration device_config key to what it means
 */
public record StorageKind(
    String type,
    String name,
    String description,
    String contentType,
    Map<String, Integer> features,
    Map<String, String> configuration) {
  public StorageKind {
    features = Map.copyOf(features);
    configuration = Map.copyOf(configuration);
  }
}
