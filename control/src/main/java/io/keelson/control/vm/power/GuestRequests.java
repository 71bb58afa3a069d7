package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.control.vm.domain.DomainEvent;
import io.keelson.control.vm.domain.Watch;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import java.time.Duration;
import java.util.Optional;

/** Asks a guest to power off or to reboot, and waits until it has. */
final class GuestRequests {
  private final Compute compute;
  private final Duration patience;

  GuestRequests(Compute compute, Duration patience) {
    this.compute = compute;
    this.patience = patience;
  }

  /**
   * Returns once the domain is gone. VM_SHUTDOWN_TIMEOUT when the guest does not react, VM_REBOOTED
   * or VM_CRASHED when it does something else.
   */
  void powerOff(Placed placed, Watch watch, Progress progress) {
    compute.requestShutdown(placed.hostId(), placed.vmId());
    DomainEvent event = await(placed, watch, progress);
    switch (event.change()) {
      case POWERED_OFF, DIED -> {}
      case REBOOTED -> {
        watch.giveBack(event);
        throw ApiErrors.vmRebooted(placed.vm().text());
      }
      case CRASHED -> {
        watch.giveBack(event);
        throw ApiErrors.vmCrashed(placed.vm().text());
      }
    }
  }

  /**
   * Returns once the guest has rebooted and its domain is held. VM_SHUTDOWN_TIMEOUT when the guest
   * does not react, VM_HALTED or VM_CRASHED when it does something else.
   */
  void reboot(Placed placed, Watch watch, Progress progress) {
    compute.requestReboot(placed.hostId(), placed.vmId());
    DomainEvent event = await(placed, watch, progress);
    switch (event.change()) {
      case REBOOTED -> {}
      case POWERED_OFF -> {
        watch.giveBack(event);
        throw ApiErrors.vmHalted(placed.vm().text());
      }
      case CRASHED, DIED -> {
        watch.giveBack(event);
        throw ApiErrors.vmCrashed(placed.vm().text());
      }
    }
  }

  private DomainEvent await(Placed placed, Watch watch, Progress progress) {
    Optional<DomainEvent> event = watch.next(patience, progress);
    return event.orElseThrow(() -> {
      if (compute.find(placed.hostId(), placed.vmId()).isEmpty()) {
        return new DriverException(Reason.NOT_FOUND, "the domain is gone");
      }
      return ApiErrors.vmShutdownTimeout(placed.vm().text(), Long.toString(patience.toSeconds()));
    });
  }
}
