package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.host.ChainSurvey;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.ImageMerge;
import io.keelson.host.LiveMerge;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.store.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One round of merging images of a repository. Others always go first: a merge ends for them. */
final class CoalesceRepository {
  /** Of the tasks. */
  static final String LABEL = "Garbage Collection";

  private static final Logger LOG = LoggerFactory.getLogger(CoalesceRepository.class);

  private final Resources resources;
  private final StorageDrivers drivers;
  private final SrAccess at;
  private final BooleanSupplier closing;

  private int merged;

  /** The merges that were begun in this round. */
  private final Set<ImageMerge> begun = new HashSet<>();

  CoalesceRepository(
      Resources resources, StorageDrivers drivers, SrAccess at, BooleanSupplier closing) {
    this.resources = resources;
    this.drivers = drivers;
    this.at = at;
    this.closing = closing;
  }

  /** Shows how the disks stand; whether there is something to be done. */
  boolean look() {
    ChainSurvey survey = survey();
    ChainRecords.write(resources.store(), drivers, at, survey);
    return !ready(survey).isEmpty();
  }

  /**
   * Merges what can be merged now.
   *
   * @throws io.keelson.api.ApiError TASK_CANCELLED
   */
  void run(Call call) {
    int done = 0;
    List<ImageMerge> ready = ready(survey());
    while (!ready.isEmpty() && !closing.getAsBoolean()) {
      int before = done;
      int total = done + ready.size();
      merge(ready.getFirst(), call, fraction -> call.progress((before + fraction) / total));
      if (call.cancelled()) {
        throw ApiErrors.taskCancelled(call.task().text());
      }
      done++;
      ChainSurvey survey = survey();
      ChainRecords.write(resources.store(), drivers, at, survey);
      ready = ready(survey);
    }
  }

  /** How many images were merged. */
  int merged() {
    return merged;
  }

  /** Where the progress of one merge goes. */
  private interface Line {
    void report(double fraction);
  }

  private void merge(ImageMerge merge, Call call, Line line) {
    Progress progress =
        new Progress() {
          @Override
          public void report(double fraction) {
            line.report(fraction);
          }

          @Override
          public boolean cancelled() {
            return call.cancelled() || closing.getAsBoolean() || !isReady(merge);
          }
        };
    begun.add(merge);
    try {
      boolean done = driver().merge(at.host(), at.sr(), merge, live(merge), progress);
      merged += done ? 1 : 0;
      LOG.debug("{} of {}: {}", merge, at.sr(), done ? "merged" : "not needed any more");
    } catch (DriverException e) {
      switch (e.reason()) {
        case CANCELLED, WRONG_STATE, NOT_FOUND ->
            LOG.debug("{} of {} waits: {}", merge, at.sr(), e.getMessage());
        case ALREADY_EXISTS,
            REJECTED_BY_GUEST,
            GUEST_SILENT,
            NO_SPACE,
            UNSUPPORTED,
            INVALID,
            CORRUPT,
            FAILED ->
            LOG.warn("{} of {} cannot be merged now: {}", merge, at.sr(), e.getMessage());
      }
    }
  }

  private Optional<LiveMerge> live(ImageMerge merge) {
    Compute compute = resources.drivers().compute();
    return users(merge).drives().stream()
        .findFirst()
        .map(drive ->
            (upper, lower, lowerName, handover, progress) ->
                compute.mergeDisk(
                    drive.host(),
                    drive.vmId(),
                    drive.device(),
                    upper,
                    lower,
                    lowerName,
                    handover,
                    progress));
  }

  private List<ImageMerge> ready(ChainSurvey survey) {
    return survey.merges().stream()
        .filter(merge -> !begun.contains(merge))
        .filter(this::isReady)
        .toList();
  }

  /** Nobody works on the disks, and at most one VM has them open, which then does the merge. */
  private boolean isReady(ImageMerge merge) {
    DiskUsers users = users(merge);
    return users.idle()
        && users.drives().size() <= 1
        && users.drives().stream().allMatch(d -> d.writes() && d.host().equals(at.host()));
  }

  private DiskUsers users(ImageMerge merge) {
    Snapshot state = resources.store().snapshot();
    List<Ref<Vdi>> disks =
        merge.volumes().stream()
            .flatMap(volume -> state.table(ApiModel.VDI).byUuid(volume.toString()).stream())
            .toList();
    return DiskUsers.of(state, disks);
  }

  private ChainSurvey survey() {
    return driver().survey(at.host(), at.sr());
  }

  private Storage driver() {
    return drivers.driver(at.type());
  }
}
