package io.keelson.host.storage;

import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Where the folder of a repository lies, and what it takes to reach it. */
interface Place {
  /** What a repository in such places is and can do. */
  StorageKind kind();

  /** Prepares the place for a new repository, destroying what a device held, and reaches it. */
  Path prepare(UUID sr, Map<String, String> config);

  /** The folder of a repository, made reachable if it is not. */
  Path reach(UUID sr, Map<String, String> config);

  /** Lets go of a folder that was reached. */
  void leave(UUID sr, Path root);

  /** Lets go of the folder of a repository that was destroyed, and undoes what was prepared. */
  void remove(UUID sr, Path root);

  /** The repositories where the configuration points, as the XML text that SR.probe returns. */
  String probe(Map<String, String> config);
}
