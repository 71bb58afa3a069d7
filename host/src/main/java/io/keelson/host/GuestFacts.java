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
 * @param agentSettings what whoever runs the pool wants the guest's agent to know
 */
public record GuestFacts(
    Map<String, String> biosStrings,
    Optional<UUID> generation,
    Map<String, String> data,
    Map<String, String> agentSettings) {
  /** A machine that has nothing to tell. */
  public static final GuestFacts NONE =
      new GuestFacts(Map.of(), Optional.empty(), Map.of(), Map.of());

  public GuestFacts {
    biosStrings = Map.copyOf(biosStrings);
    data = Map.copyOf(data);
    agentSettings = Map.copyOf(agentSettings);
  }
}
