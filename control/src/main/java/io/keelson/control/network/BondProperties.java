package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.BondMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The settings that only a bond's mode understands. */
final class BondProperties {
  /** By what LACP tells flows apart. */
  private static final String HASHING = "hashing_algorithm";

  private static final Set<String> HASHES = Set.of("src_mac", "tcpudp_ports");

  private BondProperties() {}

  /**
   * The settings with what is not given as it is by default.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  static Map<String, String> checked(BondMode mode, Map<String, String> given) {
    Map<String, String> all = new HashMap<>();
    if (mode == BondMode.LACP) {
      all.put(HASHING, "tcpudp_ports");
    }
    given.forEach((name, value) -> {
      if (mode != BondMode.LACP || !name.equals(HASHING) || !HASHES.contains(value)) {
        throw ApiErrors.invalidValue("properties", name + " = " + value);
      }
      all.put(name, value);
    });
    return Map.copyOf(all);
  }
}
