package io.keelson.host.qemu;

import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Handover;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a domain into another process of this host while its guest runs on.
 *
 * <p>The new process waits in a folder of its own, {@code UUID.arriving}, and its processors stand
 * still until the folders have changed names: that is the instant at which the domain is there
 * instead of here. Whoever takes over after a crash knows by the names which of the two counts; the
 * other has not run since.
 */
final class Migration {
  private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  private final LiveDomain source;
  private final Launcher launcher;
  private final Path domains;

  Migration(LiveDomain source, Launcher launcher, Path domains) {
    this.source = source;
    this.launcher = launcher;
    this.domains = domains;
  }

  /**
   * @param arrived hears of the domain's new run, while the old one cannot run any more
   */
  Domain run(
      List<NicSpec> nics, Handover handover, Progress progress, Consumer<LiveDomain> arrived) {
    LiveDomain target = source.getLongOnDisks(() -> move(nics, handover, progress, arrived));
    progress.report(1);
    return target.domain();
  }

  private LiveDomain move(
      List<NicSpec> nics, Handover handover, Progress progress, Consumer<LiveDomain> arrived) {
    LiveDomain target = source.getExclusively(() -> begin(nics));
    try {
      try (MemoryRelay relay = MemoryRelay.open(source, target)) {
        source.execute("migrate", Json.object().put("uri", "unix:" + Suspension.STREAM));
        awaitSent(target, relay, progress);
        awaitLoaded(target, relay);
      }
      source.exclusively(() -> hand(target, handover, arrived));
      return target;
    } catch (RuntimeException failure) {
      giveUp(target);
      throw explained(target, failure);
    } finally {
      source.moves(false);
    }
  }

  private LiveDomain begin(List<NicSpec> nics) {
    source.requireUsable();
    source.requireStaying();
    Suspension.reclaim(source);
    source.folder().goesOn(source.run() == LiveDomain.Run.RUNNING);
    LiveDomain target = launcher.arriving(source, nics);
    try {
      target.folder().goesOn(source.run() == LiveDomain.Run.RUNNING);
      target.execute("migrate-incoming", Json.object().put("uri", "unix:" + Suspension.STREAM));
      source.execute(
          "migrate-set-parameters",
          Json.object().put("max-bandwidth", Suspension.BYTES_PER_SECOND));
      Json slowDown = Json.object().put("capability", "auto-converge").put("state", true).build();
      source.execute(
          "migrate-set-capabilities",
          Json.object().put("capabilities", new Json.Items(List.of(slowDown))));
    } catch (DriverException e) {
      launcher.giveUp(target);
      throw e;
    }
    source.moves(true);
    return target;
  }

  /** Waits until the source has stopped and sent all that it had. */
  private void awaitSent(LiveDomain target, MemoryRelay relay, Progress progress) {
    double shown = 0;
    while (true) {
      progress.stopIfCancelled("the migration");
      Json.Members migration = source.query("query-migrate");
      switch (migration.text("status").orElse("none")) {
        case "completed" -> {
          return;
        }
        case "failed", "cancelled", "none" ->
            throw new DriverException(
                Reason.FAILED,
                "QEMU could not send the memory: "
                    + migration.text("error-desc").or(() -> migration.text("status")).orElse(""));
        default -> {
          relay.check();
          target.query("query-name"); // a stopped or dead QEMU must not be waited for
          shown = Math.max(shown, share(migration.members("ram")));
          progress.report(0.99 * shown);
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
      }
    }
  }

  /** What the guest writes meanwhile makes the rest grow again. */
  private static double share(Json.Members ram) {
    double total = ram.number("total", 0);
    return total > 0 ? Math.max(0, 1 - ram.number("remaining", 0) / total) : 0;
  }

  private void awaitLoaded(LiveDomain target, MemoryRelay relay) {
    long end = System.nanoTime() + target.settings().start().toNanos();
    while (true) {
      String status = target.query("query-status").text("status").orElse("");
      switch (status) {
        case "inmigrate" -> {
          relay.check();
          if (System.nanoTime() > end) {
            throw new DriverException(Reason.FAILED, "QEMU does not take the memory");
          }
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        case "paused" -> {
          return;
        }
        default ->
            throw new DriverException(Reason.WRONG_STATE, "the guest ended on its way: " + status);
      }
    }
  }

  /** The instant at which the domain is there instead of here. */
  private void hand(LiveDomain target, Handover handover, Consumer<LiveDomain> arrived) {
    source.requireUsable();
    boolean runs = source.run() == LiveDomain.Run.RUNNING;
    source.folder().handSerialLog(target.folder());
    long memory = source.record().spec().memoryTargetBytes();
    target.update(record ->
        record
            .withSpec(record.spec().with(changes -> changes.memoryTargetBytes(memory)))
            .withRebootAsked(source.record().rebootAsked()));
    launcher.keepTpm(target);
    handover.commit();
    RunFolder home = source.folder();
    try {
      source.become(RunFolder.left(domains, source.vm()));
      target.become(home);
      if (!source.end()) {
        throw new DriverException(Reason.NOT_FOUND, "the domain has ended");
      }
    } catch (DriverException e) {
      handover.rollback();
      throw e;
    }
    arrived.accept(target);
    target.agent().listens(Adoption.hasOpenPort(target));
    if (runs) {
      letRun(target);
    }
    target.known();
    leave();
  }

  /** Nothing that fails here brings the old run back. */
  private static void letRun(LiveDomain target) {
    try {
      Processors.letRun(target);
      target.folder().goesOn(false);
      // Switches learn where the guest's cards are now.
      target.execute(
          "announce-self",
          Json.object().put("initial", 50).put("max", 550).put("rounds", 5).put("step", 100));
    } catch (DriverException e) {
      LOG.warn("{} has moved, but: {}", target.vm(), e.getMessage());
    }
  }

  private void leave() {
    try {
      ProcessEnd.killTpm(source); // what it remembers is the other's now
      ProcessEnd.kill(source);
      source.folder().delete();
    } catch (DriverException e) {
      LOG.warn("what {} has left stays: {}", source.vm(), e.getMessage());
    }
  }

  /** The domain goes on where it was. The other end goes first: it may hold the disks. */
  private void giveUp(LiveDomain target) {
    try {
      cancel();
      launcher.giveUp(target);
      source.exclusively(this::takeBack);
    } catch (DriverException e) {
      LOG.warn("{} was not moved, and: {}", source.vm(), e.getMessage());
    }
  }

  private void cancel() {
    try {
      abandon(source);
    } catch (DriverException e) {
      LOG.debug("{} has ended", source.vm(), e);
    }
  }

  /** Ends a stream of memory that goes out of a domain, whoever began it; it goes on by itself. */
  static void abandon(LiveDomain domain) {
    domain.execute("migrate_cancel");
    long end = System.nanoTime() + domain.settings().command().toNanos();
    while (System.nanoTime() < end) {
      switch (domain.query("query-migrate").text("status").orElse("none")) {
        case "completed", "failed", "cancelled", "none" -> {
          return;
        }
        default -> LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
    throw new DriverException(Reason.FAILED, "QEMU does not end its stream");
  }

  private void takeBack() {
    if (source.folder().equals(RunFolder.left(domains, source.vm()))) {
      source.become(RunFolder.of(domains, source.vm()));
    }
    if (source.run() == LiveDomain.Run.RUNNING) {
      goOn(source);
    }
    source.folder().goesOn(false);
  }

  /** Lets a guest run that stands still only because its memory has been sent. */
  static void goOn(LiveDomain domain) {
    if (domain.query("query-status").text("status").orElse("").equals("postmigrate")) {
      domain.execute("cont");
    }
  }

  private static RuntimeException explained(LiveDomain target, RuntimeException failure) {
    String words = target.folder().log();
    return failure instanceof DriverException driver
            && driver.reason() == Reason.FAILED
            && !words.isEmpty()
        ? new DriverException(Reason.FAILED, driver.getMessage() + ": " + words, driver)
        : failure;
  }
}
