package io.keelson.host.storage;

import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Shares of file servers of one kind, each reached for one repository at a time. */
interface Share {
  /** What a repository in such a share is and can do. */
  StorageKind kind();

  /** The root of the share that the configuration names, for the repository. Raises a fault. */
  Path open(UUID sr, Map<String, String> config);

  /** Lets go of it; harmless when it is not open. */
  void close(UUID sr);

  /** Raises a fault that lists what the server offers when the configuration names no share. */
  default void requireNamed(Map<String, String> config) {}
}
