package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DriverException;
import io.keelson.host.Storage;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drives of a VM that is about to run on a host, as its hypervisor is given them: {@link
 * #claim} with the VM's own claim, {@link #open} in the work, {@link #attached} when settling.
 * Opening leaves nothing behind that would have to be undone.
 */
public final class VmDisks {
  private static final Logger LOG = LoggerFactory.getLogger(VmDisks.class);

  private final StorageDrivers drivers;

  /** Which drives of the VM. */
  public enum Which {
    /** All: it starts. */
    ALL,
    /** Those that are attached: it comes back from suspension. */
    ATTACHED
  }

  /**
   * What is to be opened.
   *
   * @param drives by device number
   */
  public record Plan(List<Drive> drives) {
    public Plan {
      drives = List.copyOf(drives);
    }
  }

  public VmDisks(StorageDrivers drivers) {
    this.drivers = drivers;
  }

  /**
   * Checks that the host reaches all repositories that the VM's drives need.
   *
   * @throws io.keelson.api.ApiError VM_REQUIRES_SR
   */
  public static void checkHost(Snapshot state, Ref<Vm> vm, Ref<Host> host) {
    for (Ref<Vbd> ref : state.get(ApiModel.VM, vm).vbds()) {
      Vbd vbd = state.get(ApiModel.VBD, ref);
      if (!vbd.empty() && !vbd.vdi().isNull()) {
        reach(state, vm, vbd, host);
      }
    }
  }

  /**
   * Checks that the VM can have its drives on the host, and claims them.
   *
   * @throws io.keelson.api.ApiError VM_REQUIRES_SR, VDI_IN_USE, VDI_READONLY, VDI_NOT_MANAGED,
   *     VDI_MISSING, OTHER_OPERATION_IN_PROGRESS
   */
  public Plan claim(Transaction tx, Claims claims, Ref<Vm> vm, Ref<Host> host, Which which) {
    List<Ref<Vbd>> vbds =
        tx.get(ApiModel.VM, vm).vbds().stream()
            .filter(ref -> which == Which.ALL || tx.get(ApiModel.VBD, ref).currentlyAttached())
            .toList();
    for (Ref<Vbd> ref : vbds) {
      VbdRules.checkContent(tx, ref);
      claims.add(ApiModel.VBD, ref, VbdFields.CURRENT_OPERATIONS, VbdOperations.ATTACH);
    }
    return new Plan(
        vbds.stream()
            .map(ref -> drive(tx, vm, ref, host))
            .map(drive -> which == Which.ALL ? drive : drive.goingOn())
            .sorted(Comparator.comparingInt(Drive::device))
            .toList());
  }

  /** Finds where the drives' bytes are. */
  public List<DiskSpec> open(Plan plan) {
    return plan.drives().stream().map(this::spec).toList();
  }

  /** Records that the VM has its drives. */
  public static void attached(Transaction tx, Plan plan) {
    for (Drive drive : plan.drives()) {
      tx.update(ApiModel.VBD, drive.vbd(), v -> v.with(b -> b.currentlyAttached(true)));
    }
  }

  /** Records that the VM has no drive any more: it does not run. */
  public static void detached(Transaction tx, Ref<Vm> vm) {
    for (Ref<Vbd> ref : tx.get(ApiModel.VM, vm).vbds()) {
      if (tx.get(ApiModel.VBD, ref).currentlyAttached()) {
        tx.update(ApiModel.VBD, ref, v -> v.with(b -> b.currentlyAttached(false)));
      }
    }
  }

  /** The drive with what is in it now; for a drive that is plugged while the VM runs. */
  static Drive drive(Snapshot state, Ref<Vm> vm, Ref<Vbd> ref, Ref<Host> host) {
    Vbd vbd = state.get(ApiModel.VBD, ref);
    Optional<Drive.Content> content =
        vbd.empty() || vbd.vdi().isNull()
            ? Optional.empty()
            : Optional.of(content(state, vbd.vdi(), reach(state, vm, vbd, host)));
    return Drive.of(ref, vbd, content);
  }

  static Drive.Content content(Snapshot state, Ref<Vdi> vdi, SrAccess access) {
    Vdi record = state.get(ApiModel.VDI, vdi);
    return new Drive.Content(
        access,
        Volumes.id(record),
        record.onBoot() == OnBoot.RESET,
        LocalCache.of(state, record, access));
  }

  DiskSpec spec(Drive drive) {
    return drive.spec(drive.content().map(c -> source(c, drive.readOnly())));
  }

  DiskSource source(Drive.Content content, boolean readOnly) {
    SrAccess at = content.at();
    return drivers.with(
        at,
        driver -> {
          if (content.resets() && !readOnly) {
            driver.resetVolume(at.host(), at.sr(), content.volume());
          }
          DiskSource source = driver.open(at.host(), at.sr(), content.volume(), readOnly);
          return readOnly ? source : cached(driver, content, source);
        });
  }

  /** The source with its host's cache. A cache that does not work is no reason not to run. */
  private DiskSource cached(Storage driver, Drive.Content content, DiskSource source) {
    if (content.cache().isEmpty()) {
      return source;
    }
    SrAccess at = content.at();
    SrAccess cache = content.cache().get();
    try {
      return driver
          .below(at.host(), at.sr(), content.volume())
          .flatMap(below ->
              drivers
                  .driver(cache.type())
                  .keepReads(cache.host(), cache.sr(), content.volume(), below))
          .map(source::keepingReads)
          .orElse(source);
    } catch (DriverException e) {
      LOG.warn("reads of {} are not kept in {}", content.volume(), cache.sr(), e);
      return source;
    }
  }

  private static SrAccess reach(Snapshot state, Ref<Vm> vm, Vbd vbd, Ref<Host> host) {
    var sr = state.get(ApiModel.VDI, vbd.vdi()).sr();
    return SrAccess.from(state, sr, host)
        .orElseThrow(() -> ApiErrors.vmRequiresSr(vm.text(), sr.text()));
  }
}
