package io.keelson.host;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a machine tells its guest about itself.
 *
 * @param biosStrings SMBIOS texts by XenAPI's names ({@code system-manufacturer}, {@code oem-1} and
 *     so on)
 * @param generation changes whenever the guest may have gone back in time or has become two; empty
 *     for a machine without
 * @param data what whoever made the machine wants the guest to read
 */
public record GuestFacts(
    Map<String, String> biosStrings, Optional<UUID> generation, Map<String, String> data) {
  /** A machine that has nothing to tell. */
  public static final GuestFacts NONE = new GuestFacts(Map.of(), Optional.empty(), Map.of());

  public GuestFacts {
    biosStrings = Map.copyOf(biosStrings);
    data = Map.copyOf(data);
  }
}
