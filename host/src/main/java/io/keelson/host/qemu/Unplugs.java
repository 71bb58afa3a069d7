package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The devices that a guest has been asked to let go of, until it has answered. */
final class Unplugs {
  private final Map<String, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();

  /** The guest is about to be asked; its answer may come at once. */
  void expect(String device) {
    CompletableFuture<Boolean> _ = future(device);
  }

  private CompletableFuture<Boolean> future(String device) {
    return asked.computeIfAbsent(device, _ -> new CompletableFuture<>());
  }

  /** The guest was not asked after all. */
  void forget(String device) {
    asked.remove(device);
  }

  /** The guest has let go of a device, or refuses to. */
  void answer(String device, boolean gone) {
    CompletableFuture<Boolean> unplug = asked.get(device);
    if (unplug != null) {
      unplug.complete(gone);
    }
  }

  /** Waits until the guest has let go of a device; raises REJECTED_BY_GUEST. */
  void await(String device, Duration patience) {
    try {
      if (!future(device).get(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new DriverException(
            Reason.REJECTED_BY_GUEST, "the guest refuses to let go of " + device);
      }
    } catch (TimeoutException e) {
      throw new DriverException(
          Reason.REJECTED_BY_GUEST, "the guest did not let go of " + device + " in time", e);
    } catch (ExecutionException e) {
      throw new DriverException(Reason.FAILED, "unplugging " + device + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted while unplugging " + device, e);
    } finally {
      forget(device);
    }
  }
}
