package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which repositories are attached on which hosts.
 *
 * @param <T> what is known of an attached one
 */
final class Attached<T> {
  private final ConcurrentHashMap<Key, T> all = new ConcurrentHashMap<>();

  private record Key(UUID host, UUID sr) {}

  void put(UUID host, UUID sr, T known) {
    all.put(new Key(host, sr), known);
  }

  /** Forgets that it is attached there; whether it was the last place. */
  boolean remove(UUID host, UUID sr) {
    return all.remove(new Key(host, sr)) != null
        && all.keySet().stream().noneMatch(key -> key.sr().equals(sr));
  }

  void remove(UUID sr) {
    all.keySet().removeIf(key -> key.sr().equals(sr));
  }

  boolean has(UUID host, UUID sr) {
    return all.containsKey(new Key(host, sr));
  }

  /** Whether it is attached there and nowhere else. */
  boolean only(UUID host, UUID sr) {
    return has(host, sr) && all.keySet().stream().filter(key -> key.sr().equals(sr)).count() == 1;
  }

  /** Raises WRONG_STATE when it is not attached there. */
  T get(UUID host, UUID sr) {
    T known = all.get(new Key(host, sr));
    if (known == null) {
      throw new DriverException(
          Reason.WRONG_STATE, "repository " + sr + " is not attached on host " + host);
    }
    return known;
  }
}
