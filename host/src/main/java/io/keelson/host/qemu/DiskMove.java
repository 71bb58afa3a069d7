package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves a running domain's disk to another image. */
final class DiskMove {
  private static final Logger LOG = LoggerFactory.getLogger(DiskMove.class);

  private final LiveDomain domain;
  private final int device;
  private final BlockNodes nodes;

  DiskMove(LiveDomain domain, int device) {
    this.domain = domain;
    this.device = device;
    this.nodes = new BlockNodes(domain);
  }

  void run(DiskSource target, Handover handover, Progress progress) {
    domain.longOnDisks(() -> {
      String opened = domain.getExclusively(() -> begin(target));
      String id = id();
      BlockJob job = new BlockJob(domain, BlockJob.moving(id));
      try {
        job.awaitPending(progress);
        domain.exclusively(() -> {
          DiskMerge.handover(job, handover);
          tidy(id, opened, target);
        });
      } catch (RuntimeException failure) {
        closeQuietly(opened);
        throw failure;
      }
      progress.report(1);
    });
  }

  /** What fails here is put right when the domain is next taken over. */
  private void tidy(String id, String node, DiskSource target) {
    try {
      DiskRecords.replace(domain, device, Optional.of(target));
      List<String> before = new ArrayList<>(nodes.of(id));
      before.remove(node);
      nodes.close(before);
    } catch (DriverException e) {
      LOG.warn("{} of {} was moved, but: {}", id, domain.vm(), e.getMessage());
    }
  }

  private String id() {
    return Slots.id(DiskRecords.find(domain, device));
  }

  private String begin(DiskSource target) {
    domain.requireUsable();
    String id = id();
    String active = nodes.inUse(id);
    String node = nodes.open(id, target, false);
    try {
      domain.execute(
          "blockdev-mirror",
          new BlockJob(domain, BlockJob.moving(id))
              .arguments(active)
              .put("target", node)
              .put("sync", "full")
              .put("copy-mode", "write-blocking"));
    } catch (DriverException e) {
      closeQuietly(node);
      throw e;
    }
    return node;
  }

  private void closeQuietly(String node) {
    try {
      nodes.close(List.of(node));
    } catch (DriverException _) {
      // The domain has ended, or the next settlement closes it.
    }
  }
}
