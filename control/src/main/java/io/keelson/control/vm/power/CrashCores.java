package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.model.Crashdump;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.storage.DestroyVdi;
import io.keelson.control.storage.DumpCore;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.Turns;
import io.keelson.control.vm.domain.Watch;
import io.keelson.store.Snapshot;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the cores of VMs that crash, and destroys them with their VMs. */
public final class CrashCores {
  private static final Logger LOG = LoggerFactory.getLogger(CrashCores.class);

  /** A VM that crashes for weeks must not fill its repository. */
  private static final int MOST_OF_A_VM = 16;

  private final Resources resources;
  private final StorageDrivers drivers;
  private final Turns turns;

  public CrashCores(Resources resources) {
    this.resources = resources;
    this.drivers = new StorageDrivers(resources.drivers().storages());
    this.turns = new Turns(resources.store());
  }

  /**
   * Writes the core of the VM, whose domain is held. What fails is logged: what is to become of the
   * VM does not depend on it.
   *
   * @return false when somebody else has taken the VM in hand meanwhile
   */
  boolean keep(Placed placed, Watch watch) {
    DumpCore.Crash crash =
        new DumpCore.Crash(
            placed.vm(),
            placed.vmId(),
            placed.host(),
            placed.hostId(),
            placed.domid(),
            resources.clock().instant());
    Snapshot now = resources.store().snapshot();
    if (DumpCore.done(now, crash)) {
      return true;
    }
    if (now.get(ApiModel.VM, placed.vm()).crashDumps().size() >= MOST_OF_A_VM) {
      LOG.warn("{} has {} cores already; this one is not kept", placed.vmId(), MOST_OF_A_VM);
      return true;
    }
    OwnCall call = new OwnCall(VdiProvisioning.Specs.CREATE, Ref.fresh());
    DumpCore steps = new DumpCore(drivers, resources.drivers().compute(), crash, watch::progress);
    try {
      turns.run(call, () -> resources.operations().run(call, steps));
    } catch (ApiError failure) {
      if (failure.code() == ErrorCode.TASK_CANCELLED) {
        LOG.info("{} is taken in hand before its core is written", placed.vmId());
        return false;
      }
      LOG.warn("no core of {} is kept: {}", placed.vmId(), failure.getMessage());
    }
    return true;
  }

  /** Destroys a VM's cores; a disk that is in use, or that something else refers to, stays. */
  public void destroy(Ref<Vm> vm) {
    Snapshot now = resources.store().snapshot();
    for (Ref<Crashdump> dump : now.get(ApiModel.VM, vm).crashDumps()) {
      Ref<Vdi> vdi = now.get(ApiModel.CRASHDUMP, dump).vdi();
      boolean alone =
          now.find(ApiModel.VDI, vdi)
              .filter(disk -> disk.vbds().isEmpty() && disk.crashDumps().equals(Set.of(dump)))
              .isPresent();
      if (alone) {
        destroyDisk(vdi);
      }
    }
  }

  private void destroyDisk(Ref<Vdi> vdi) {
    OwnCall call = new OwnCall(VdiProvisioning.Specs.DESTROY, Ref.fresh());
    try {
      turns.run(call, () -> resources.operations().run(call, new DestroyVdi(drivers, vdi)));
    } catch (ApiError failure) {
      LOG.warn("core {} stays: {}", vdi, failure.getMessage());
    }
  }
}
