package io.keelson.control.vm.power;

import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import java.util.Optional;

/**
 * What became of a VM while no server ran, as far as records and hypervisor tell.
 *
 * @param recorded how the records say it stands
 * @param recordedDomid the run that the records know of
 * @param domain what runs now, if anything
 * @param heard what the driver told of a run that ended, rebooted or crashed
 */
record Interrupted(
    VmPowerState recorded, long recordedDomid, Optional<Domain> domain, Optional<Change> heard) {

  /** What has to be done. */
  enum Remedy {
    /** The records are right. */
    KEEP,
    /** Write down the run that is there. */
    ADOPT,
    /** The same, after its processors, which a failed suspension stopped, run again. */
    WAKE,
    /** Write down that it is halted. */
    HALT,
    /** End the run that is there, then the same. */
    END,
    /** Write down that it is suspended. */
    SUSPEND,
    /** Begin the next run. */
    RESTART,
    /** Do what is always done when a domain does something by itself. */
    REACT
  }

  /**
   * @param done whether the interrupted operation counts as done
   */
  record Verdict(Remedy remedy, boolean done) {}

  /** For a VM on which nothing was under way. */
  Remedy idle() {
    if (heard.isPresent() && isUp()) {
      return Remedy.REACT;
    }
    if (domain.isPresent()) {
      return agrees(domain.get()) ? Remedy.KEEP : Remedy.ADOPT;
    }
    return isUp() ? Remedy.HALT : Remedy.KEEP;
  }

  /** For a VM on which the operation was under way. */
  Verdict during(VmOperations operation) {
    return switch (operation) {
      case START, START_ON, RESUME, RESUME_ON ->
          new Verdict(domain.isPresent() ? Remedy.ADOPT : Remedy.KEEP, domain.isPresent());
      case PAUSE -> new Verdict(idle(), stands(Domain.State.PAUSED));
      case UNPAUSE -> new Verdict(idle(), stands(Domain.State.RUNNING));
      case CLEAN_SHUTDOWN ->
          domain.isPresent() ? new Verdict(idle(), false) : new Verdict(Remedy.HALT, true);
      case HARD_SHUTDOWN, SHUTDOWN ->
          new Verdict(domain.isPresent() ? Remedy.END : Remedy.HALT, true);
      case HARD_REBOOT -> new Verdict(isNextRun() ? Remedy.ADOPT : Remedy.RESTART, true);
      case CLEAN_REBOOT -> cleanReboot();
      case SUSPEND -> suspend();
      case POOL_MIGRATE ->
          isNextRun() && heard.isEmpty()
              ? new Verdict(Remedy.ADOPT, true)
              : new Verdict(idle(), false);
      case CHECKPOINT -> checkpoint();
      case SNAPSHOT,
          CLONE,
          COPY,
          CREATE_TEMPLATE,
          REVERT,
          SNAPSHOT_WITH_QUIESCE,
          PROVISION,
          POWER_STATE_RESET,
          CSVM,
          MIGRATE_SEND,
          GET_BOOT_RECORD,
          SEND_SYSRQ,
          SEND_TRIGGER,
          QUERY_SERVICES,
          CALL_PLUGIN,
          CHANGING_MEMORY_LIVE,
          AWAITING_MEMORY_LIVE,
          CHANGING_DYNAMIC_RANGE,
          CHANGING_STATIC_RANGE,
          CHANGING_MEMORY_LIMITS,
          CHANGING_SHADOW_MEMORY,
          CHANGING_SHADOW_MEMORY_LIVE,
          CHANGING_VCPUS,
          CHANGING_VCPUS_LIVE,
          ASSERT_OPERATION_VALID,
          DATA_SOURCE_OP,
          UPDATE_ALLOWED_OPERATIONS,
          MAKE_INTO_TEMPLATE,
          IMPORT,
          EXPORT,
          METADATA_EXPORT,
          REVERTING,
          DESTROY ->
          new Verdict(idle(), false);
    };
  }

  private Verdict cleanReboot() {
    if (isNextRun()) {
      return new Verdict(Remedy.ADOPT, true);
    }
    boolean guestDidIt = heard.filter(c -> c == Change.REBOOTED).isPresent();
    if (guestDidIt || (domain.isEmpty() && heard.isEmpty())) {
      return new Verdict(Remedy.RESTART, true);
    }
    return new Verdict(idle(), false);
  }

  /** A run that ended silently has its memory in the image; one whose death was told has not. */
  private Verdict suspend() {
    if (domain.isPresent()) {
      return new Verdict(stands(Domain.State.PAUSED) ? Remedy.WAKE : Remedy.KEEP, false);
    }
    return heard.isPresent() ? new Verdict(Remedy.REACT, false) : new Verdict(Remedy.SUSPEND, true);
  }

  /** Its memory was being written: processors that stand still were stopped for that. */
  private Verdict checkpoint() {
    boolean stopped = recorded == VmPowerState.RUNNING && stands(Domain.State.PAUSED);
    return new Verdict(stopped && heard.isEmpty() ? Remedy.WAKE : idle(), false);
  }

  private boolean isUp() {
    return recorded == VmPowerState.RUNNING || recorded == VmPowerState.PAUSED;
  }

  private boolean isNextRun() {
    return domain.filter(d -> d.domid() != recordedDomid).isPresent();
  }

  private boolean stands(Domain.State state) {
    return domain.filter(d -> d.state() == state).isPresent();
  }

  private boolean agrees(Domain running) {
    VmPowerState state =
        switch (running.state()) {
          case RUNNING -> VmPowerState.RUNNING;
          case PAUSED -> VmPowerState.PAUSED;
        };
    return recorded == state && recordedDomid == running.domid();
  }
}
