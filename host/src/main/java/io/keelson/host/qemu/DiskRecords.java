package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainChanges;
import io.keelson.host.DriverException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the record of a domain's disks true to what its process has open. */
final class DiskRecords {
  private static final Logger LOG = LoggerFactory.getLogger(DiskRecords.class);

  private DiskRecords() {}

  /** A drive, as the record has it; raises NOT_FOUND. */
  static DiskSpec find(LiveDomain domain, int device) {
    return DomainChanges.drive(domain.record().spec(), device);
  }

  /** Records what is in a drive now. */
  static void replace(LiveDomain domain, int device, Optional<DiskSource> source) {
    domain.update(record -> record.withSpec(DomainChanges.source(record.spec(), device, source)));
  }

  /**
   * Brings the record of a drive in line with the image that the domain has in it: a process that
   * ended between a switch and its record has left the image of before.
   */
  static void correct(LiveDomain domain, DiskSpec disk, BlockGraph.Layer active) {
    Optional<DiskSource> recorded = disk.source();
    if (recorded.isPresent() && !active.holds(recorded.get())) {
      active.source().ifPresent(source -> replace(domain, disk.device(), Optional.of(source)));
    }
  }

  /** {@link #correct} for every disk; one that the guest has let go of meanwhile is passed over. */
  static void correctAll(LiveDomain domain) {
    BlockGraph graph = BlockGraph.of(domain);
    BlockNodes nodes = new BlockNodes(domain);
    for (DiskSpec disk : domain.record().spec().disks()) {
      if (disk.kind() == DiskSpec.Kind.DISK) {
        try {
          correct(domain, disk, graph.chain(nodes.inUse(Slots.id(disk))).getFirst());
        } catch (DriverException e) {
          LOG.warn("what {} of {} has open is not known", disk.device(), domain.vm(), e);
        }
      }
    }
  }
}
