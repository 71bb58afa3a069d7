package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import java.util.Optional;

/** Keeps the record of a domain's disks true to what its process has open. */
final class DiskRecords {
  private DiskRecords() {}

  /**
   * Brings the record of a drive in line with the image that the domain has in it: a process that
   * ended between a switch and its record has left the image of before.
   */
  static void correct(LiveDomain domain, DiskSpec disk, BlockGraph.Layer active) {
    Optional<DiskSource> recorded = disk.source();
    if (recorded.isPresent() && !active.holds(recorded.get())) {
      active.source().ifPresent(source -> new Hotplug(domain).replace(disk, Optional.of(source)));
    }
  }

  /** {@link #correct} for every disk. */
  static void correctAll(LiveDomain domain) {
    BlockGraph graph = BlockGraph.of(domain);
    BlockNodes nodes = new BlockNodes(domain);
    for (DiskSpec disk : domain.record().spec().disks()) {
      if (disk.kind() == DiskSpec.Kind.DISK) {
        correct(domain, disk, graph.chain(nodes.inUse(Slots.id(disk))).getFirst());
      }
    }
  }
}
