package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shortens the chain of a running domain's disk by one image. */
final class DiskMerge {
  private static final Logger LOG = LoggerFactory.getLogger(DiskMerge.class);

  private final LiveDomain domain;
  private final int device;
  private final BlockNodes nodes;

  DiskMerge(LiveDomain domain, int device) {
    this.domain = domain;
    this.device = device;
    this.nodes = new BlockNodes(domain);
  }

  /** Where the two images are in the domain. */
  private record Place(String id, String active, String upper, String lower) {
    boolean top() {
      return active.equals(upper);
    }
  }

  void run(
      DiskSource upper, DiskSource lower, String lowerName, Handover handover, Progress progress) {
    domain.longOnDisks(() -> {
      Place place = domain.getExclusively(() -> begin(upper, lower, lowerName));
      BlockJob job = job(place);
      // A merge can be done at any time, so it ends for whoever waits.
      job.awaitPending(progress.endingWhen(domain::disksWanted));
      domain.exclusively(() -> end(job, place, lower, handover));
      progress.report(1);
    });
  }

  private BlockJob job(Place place) {
    return new BlockJob(domain, BlockJob.merging(place.id()));
  }

  private Place begin(DiskSource upper, DiskSource lower, String lowerName) {
    domain.requireUsable();
    String id = Slots.id(DiskRecords.find(domain, device));
    String active = nodes.inUse(id);
    List<BlockGraph.Layer> chain = BlockGraph.of(domain).chain(active);
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (chain.get(i).holds(upper) && chain.get(i + 1).holds(lower)) {
        Place place = new Place(id, active, chain.get(i).node(), chain.get(i + 1).node());
        Json.Builder arguments =
            job(place)
                .arguments(active)
                .put("top-node", place.upper())
                .put("base-node", place.lower());
        domain.execute(
            "block-commit", place.top() ? arguments : arguments.put("backing-file", lowerName));
        return place;
      }
    }
    throw new DriverException(
        Reason.WRONG_STATE, id + " does not have " + upper.location() + " above " + lower);
  }

  private void end(BlockJob job, Place place, DiskSource lower, Handover handover) {
    if (!place.top()) {
      // QEMU keeps tables of the lower image in memory; without them on disk it would lack, if
      // QEMU died now, what its new neighbour counts on.
      flush(place.lower());
      job.finish();
    } else {
      handover(job, handover);
    }
    tidy(place, lower);
  }

  /** What fails here is put right when the domain is next taken over. */
  private void tidy(Place place, DiskSource lower) {
    try {
      if (place.top()) {
        DiskRecords.replace(domain, device, Optional.of(lower));
      }
      if (nodes.of(place.id()).contains(place.upper())) {
        nodes.close(List.of(place.upper()));
      }
    } catch (DriverException e) {
      LOG.warn("{} of {} was merged, but: {}", place.id(), domain.vm(), e.getMessage());
    }
  }

  private void flush(String node) {
    Json said =
        domain.execute(
            "human-monitor-command",
            Json.object().put("command-line", "qemu-io \"" + node + "\" flush"));
    if (said instanceof Json.Text(String text) && !text.isBlank()) {
      throw new DriverException(Reason.FAILED, "flushing " + node + ": " + text.strip());
    }
  }

  /** The last step of a job, with what has to become true together with it. */
  static void handover(BlockJob job, Handover handover) {
    try {
      handover.commit();
    } catch (RuntimeException failure) {
      job.cancel();
      throw failure;
    }
    try {
      job.finish();
    } catch (RuntimeException failure) {
      // A domain that died has not written since, so either image is right; one that lives goes
      // on where it was.
      handover.rollback();
      throw failure;
    }
  }
}
