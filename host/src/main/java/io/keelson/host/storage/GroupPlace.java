package io.keelson.host.storage;

import io.keelson.host.StorageKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where the block devices of a volume group are, and what it takes to have them on this host. */
interface GroupPlace {
  /** What a repository on such devices is and can do. */
  StorageKind kind();

  /**
   * The devices of a repository, made reachable if they are not. Raises UNAVAILABLE when the
   * machine lacks what that takes.
   */
  List<BlockDevices.Device> reach(UUID sr, Map<String, String> config);

  /** Lets go of devices that were reached, and that nothing here uses any more. */
  void leave(UUID sr);

  /** The repositories where the configuration points, as the XML text that SR.probe returns. */
  String probe(Map<String, String> config);
}
