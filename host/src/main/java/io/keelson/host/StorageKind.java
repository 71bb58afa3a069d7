package io.keelson.host;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Features, each with its version as plugins write it: "VDI_RESET_ON_BOOT/2"; 1 when unsaid. */
  public static Map<String, Integer> features(String... features) {
    return Stream.of(features)
        .map(feature -> feature.split("/", 2))
        .collect(
            Collectors.toUnmodifiableMap(
                parts -> parts[0], parts -> parts.length == 1 ? 1 : Integer.parseInt(parts[1])));
  }
}
