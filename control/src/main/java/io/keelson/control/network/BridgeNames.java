package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.store.Snapshot;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names for the bridges of networks that come without one. */
final class BridgeNames {
  private static final String PREFIX = "xapi";

  private BridgeNames() {}

  /** The first name of the row xapi0, xapi1 ... that no network has. */
  static String free(Snapshot state) {
    Set<String> taken =
        state
            .rows(ApiModel.NETWORK)
            .map(row -> row.record().bridge())
            .collect(Collectors.toUnmodifiableSet());
    return IntStream.rangeClosed(0, taken.size())
        .mapToObj(number -> PREFIX + number)
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }
}
