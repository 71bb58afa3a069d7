package io.keelson.control.vm.guest;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a guest's file systems for an instant. Whatever happens, they are let go. */
public final class Quiescing {
  private static final Logger LOG = LoggerFactory.getLogger(Quiescing.class);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int MOST_TIMES = 120;

  private final Compute compute;

  public Quiescing(Compute compute) {
    this.compute = compute;
  }

  /**
   * Does something while the guest's file systems are held.
   *
   * @throws ApiError VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED without an agent that can,
   *     ..._PLUGIN_DEOS_NOT_RESPOND when it does not answer, ..._TIMEOUT when holding takes too
   *     long, ..._FAILED when the guest does not succeed
   */
  public void during(Ref<Vm> ref, UUID host, UUID vm, Runnable work) {
    String name = ref.text();
    ask(
        () -> {
          var _ = compute.askGuest(host, vm);
        },
        name,
        ApiErrors::vmSnapshotWithQuiescePluginDeosNotRespond);
    try {
      ask(
          () -> {
            int held = compute.freeze(host, vm);
            LOG.debug("{} file systems of {} are held", held, vm);
          },
          name,
          ApiErrors::vmSnapshotWithQuiesceTimeout);
      work.run();
    } finally {
      if (!letGo(host, vm)) {
        letGoLater(host, vm);
      }
    }
  }

  private static void ask(Runnable question, String vm, Function<String, ApiError> silent) {
    try {
      question.run();
    } catch (DriverException e) {
      LOG.info("{} cannot be quiesced: {}", vm, e.getMessage());
      throw switch (e.reason()) {
        case UNSUPPORTED ->
            ApiErrors.vmSnapshotWithQuiesceNotSupported(vm, String.valueOf(e.getMessage()));
        case GUEST_SILENT -> silent.apply(vm);
        case CANCELLED -> e;
        case NOT_FOUND,
            ALREADY_EXISTS,
            WRONG_STATE,
            REJECTED_BY_GUEST,
            NO_SPACE,
            INVALID,
            CORRUPT,
            FAILED ->
            ApiErrors.vmSnapshotWithQuiesceFailed(vm);
      };
    }
  }

  /**
   * Lets go of the file systems of a guest in the background, again and again for some minutes: a
   * guest that cannot write is as good as lost.
   */
  public void letGoLater(UUID host, UUID vm) {
    Thread.ofVirtual()
        .name("thaw-" + vm)
        .start(() -> {
          for (int i = 0; i < MOST_TIMES && !letGo(host, vm); i++) {
            LockSupport.parkNanos(AGAIN.toNanos());
          }
        });
  }

  /** Whether nothing is held any more. */
  private boolean letGo(UUID host, UUID vm) {
    try {
      compute.thaw(host, vm);
      return true;
    } catch (DriverException e) {
      boolean over = e.reason() == Reason.NOT_FOUND || compute.find(host, vm).isEmpty();
      if (!over) {
        LOG.warn("file systems of {} may still be held: {}", vm, e.getMessage());
      }
      return over;
    }
  }
}
