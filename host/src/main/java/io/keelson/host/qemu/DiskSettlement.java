package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends what an earlier process left half-way on a domain's disk. */
final class DiskSettlement {
  private final LiveDomain domain;
  private final int device;
  private final BlockNodes nodes;

  DiskSettlement(LiveDomain domain, int device) {
    this.domain = domain;
    this.device = device;
    this.nodes = new BlockNodes(domain);
  }

  /**
   * @param source where the disk's bytes count
   */
  void run(DiskSource source) {
    domain.onDisks(() -> {
      DiskSpec disk = DiskRecords.find(domain, device);
      String id = Slots.id(disk);
      boolean there = active(id).getFirst().holds(source);
      for (String job : List.of(BlockJob.merging(id), BlockJob.moving(id))) {
        settle(new BlockJob(domain, job), there);
      }
      clear(disk, id);
    });
  }

  /** A pending job that leads away from the source is given up; one that leads to it is ended. */
  private static void settle(BlockJob job, boolean there) {
    Optional<String> status = job.find().flatMap(found -> found.text("status"));
    if (status.equals(Optional.of("pending")) && !there) {
      job.finish();
    } else if (status.isPresent()) {
      job.cancel();
    }
  }

  private void clear(DiskSpec disk, String id) {
    List<BlockGraph.Layer> chain = active(id);
    List<String> left = new ArrayList<>(nodes.of(id));
    chain.forEach(layer -> left.remove(layer.node()));
    nodes.close(left);
    DiskRecords.correct(domain, disk, chain.getFirst());
  }

  private List<BlockGraph.Layer> active(String id) {
    return BlockGraph.of(domain).chain(nodes.inUse(id));
  }
}
