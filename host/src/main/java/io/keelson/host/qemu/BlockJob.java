package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One job of QEMU's block layer, started so that it waits before its last step: while it is
 * pending, a job that moves a disk holds back every write of the guest, and both images hold the
 * same.
 */
final class BlockJob {
  private static final long LOOK_AGAIN_NANOS = 20_000_000;

  private final LiveDomain domain;
  private final String id;

  BlockJob(LiveDomain domain, String id) {
    this.domain = domain;
    this.id = id;
  }

  static String merging(String device) {
    return "merge-" + device;
  }

  static String moving(String device) {
    return "move-" + device;
  }

  /** How the job stands; empty when there is none. */
  Optional<Json.Members> find() {
    if (domain.execute("query-jobs") instanceof Json.Items(List<Json> jobs)) {
      for (Json job : jobs) {
        if (job instanceof Json.Members m && m.text("id").equals(Optional.of(id))) {
          return Optional.of(m);
        }
      }
    }
    return Optional.empty();
  }

  /** The arguments that every job of ours starts with. */
  Json.Builder arguments(String node) {
    return Json.object()
        .put("job-id", id)
        .put("device", node)
        .put("auto-finalize", false)
        .put("auto-dismiss", false);
  }

  /** Waits until only the last step is left; a job that fails before or is cancelled is cleared. */
  void awaitPending(Progress progress) {
    boolean completing = false;
    while (true) {
      if (progress.cancelled()) {
        cancel();
        throw new DriverException(Reason.CANCELLED, "the work on the disk was cancelled");
      }
      Json.Members job = require();
      switch (job.text("status").orElse("")) {
        case "pending" -> {
          return;
        }
        case "ready" -> {
          if (!completing) {
            control("job-complete");
            completing = true;
          }
        }
        case "concluded", "null", "aborting" -> throw failed(job);
        default -> report(job, progress);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private static void report(Json.Members job, Progress progress) {
    double total = job.number("total-progress", 0);
    double done = job.number("current-progress", 0);
    progress.report(total > 0 ? Math.min(1, done / total) * 0.98 : 0);
  }

  /** Takes the last step, and clears the job away. */
  void finish() {
    control("job-finalize");
    Json.Members job = concluded();
    if (job.text("error").isPresent()) {
      throw failed(job);
    }
    control("job-dismiss");
  }

  /**
   * Gives the job up and clears it away; the disk stays where it is. The guest stands still
   * meanwhile: QEMU 7.2 frees what writes on their way to both images still use, and dies of it.
   */
  void cancel() {
    domain.exclusively(() -> {
      try (Standstill _ = Standstill.of(domain)) {
        Optional<Json.Members> job = find();
        if (job.isPresent()) {
          if (!job.get().text("status").equals(Optional.of("concluded"))) {
            control("job-cancel");
          }
          Json.Members _ = concluded();
          control("job-dismiss");
        }
      }
    });
  }

  private Json.Members concluded() {
    long end = System.nanoTime() + domain.settings().command().toNanos();
    while (true) {
      Json.Members job = require();
      if (job.text("status").equals(Optional.of("concluded"))) {
        return job;
      }
      if (System.nanoTime() > end) {
        throw new DriverException(Reason.FAILED, "QEMU does not conclude its job " + id);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS / 10);
    }
  }

  private Json.Members require() {
    return find().orElseThrow(() -> new DriverException(Reason.FAILED, id + " has vanished"));
  }

  private DriverException failed(Json.Members job) {
    Json.Members last = concluded();
    String text = last.text("error").or(() -> job.text("error")).orElse("it failed");
    control("job-dismiss");
    Reason reason = text.contains("No space left") ? Reason.NO_SPACE : Reason.FAILED;
    return new DriverException(reason, id + ": " + text);
  }

  private void control(String command) {
    domain.execute(command, Json.object().put("id", id));
  }
}
