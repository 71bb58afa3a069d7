package io.keelson.control.vm;

import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmCheckpoints;
import io.keelson.api.messages.VmMemory;
import io.keelson.api.messages.VmOperations;
import io.keelson.api.messages.VmPlacement;
import io.keelson.api.messages.VmPolicies;
import io.keelson.api.messages.VmProcessors;
import io.keelson.api.messages.VmProvisioning;
import io.keelson.api.messages.VmSettings;
import io.keelson.api.messages.VmSnapshots;
import io.keelson.api.messages.VmWorkloadBalancing;
import io.keelson.api.messages.VtpmLifecycle;
import io.keelson.control.Resources;
import io.keelson.control.appliance.ApplianceAllowedOperations;
import io.keelson.control.appliance.ApplianceMessages;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.protection.Protection;
import io.keelson.control.storage.StorageMessages;
import io.keelson.control.vm.memory.MemoryBalancer;
import io.keelson.control.vm.memory.VmMemoryActual;
import io.keelson.control.vm.memory.VmMemoryHandler;
import io.keelson.control.vm.memory.VmProcessorsHandler;
import io.keelson.control.vm.placement.VmPlacementHandler;
import io.keelson.control.vm.placement.VmWorkloadBalancingHandler;
import io.keelson.control.vm.power.CrashCores;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.power.VmPower;
import io.keelson.control.vm.provision.VmProvisioningHandler;
import io.keelson.control.vm.rule.VmAllowedOperations;
import io.keelson.control.vm.settings.VmOperationsHandler;
import io.keelson.control.vm.settings.VmPoliciesHandler;
import io.keelson.control.vm.settings.VmSettingsHandler;
import io.keelson.control.vm.snapshot.VmCheckpointsHandler;
import io.keelson.control.vm.snapshot.VmSnapshotsHandler;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.control.vm.tpm.VtpmLifecycleHandler;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.store.Derivation;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** All that concerns virtual machines, put together; one for a server. */
public final class VirtualMachines {
  private final Resources resources;
  private final MemoryBalancer balancer;
  private final SuspendImages images;
  private final TpmStates tpms;
  private final VmProvisioningHandler provisioning;
  private final VmPower power;

  public VirtualMachines(
      Resources resources, LifecycleSettings settings, ConsoleLocations consoles) {
    this.resources = resources;
    this.balancer = new MemoryBalancer(resources);
    CrashCores cores = new CrashCores(resources);
    this.images = new SuspendImages(resources.drivers());
    this.tpms = new TpmStates(resources);
    this.provisioning = new VmProvisioningHandler(resources, images, cores, tpms);
    this.power =
        new VmPower(
            resources,
            settings,
            consoles,
            balancer,
            cores,
            (vm, name) ->
                provisioning.clone(new OwnCall(VmProvisioning.Specs.CLONE, Ref.fresh()), vm, name));
  }

  /** What keeps the fields of VMs right that follow from others. */
  public static Derivation derivation() {
    List<Derivation> all =
        List.of(new VmAllowedOperations(), new VmMemoryActual(), new ApplianceAllowedOperations());
    return (changed, state) -> all.forEach(d -> d.derive(changed, state));
  }

  /** The messages of VMs, their TPMs, and appliances that they are parts of. */
  public List<BoundMessage> messages() {
    Store store = resources.store();
    return Stream.of(
            power.messages(),
            ApplianceMessages.all(resources, power.lifecycle()),
            VmProvisioning.bind(provisioning),
            VmSnapshots.bind(snapshots()),
            VmCheckpoints.bind(checkpoints()),
            VtpmLifecycle.bind(new VtpmLifecycleHandler(store, tpms)),
            VmMemory.bind(new VmMemoryHandler(resources, balancer)),
            VmProcessors.bind(new VmProcessorsHandler(resources)),
            VmOperations.bind(new VmOperationsHandler(store, balancer)),
            VmPlacement.bind(new VmPlacementHandler(store)),
            VmSettings.bind(new VmSettingsHandler(store, images)),
            VmPolicies.bind(new VmPoliciesHandler(store)),
            VmWorkloadBalancing.bind(
                new VmWorkloadBalancingHandler(new WorkloadBalancing(resources))))
        .flatMap(List::stream)
        .toList();
  }

  /** The power of VMs. */
  public VmPower power() {
    return power;
  }

  private VmSnapshots snapshots() {
    return new VmSnapshotsHandler(resources, power, images, tpms);
  }

  private VmCheckpoints checkpoints() {
    return new VmCheckpointsHandler(resources, images, tpms);
  }

  /** What policies take snapshots with, and let go of them. */
  public Protection.Parts protectionParts() {
    return new Protection.Parts(
        snapshots(), checkpoints(), provisioning, StorageMessages.disks(resources));
  }

  /**
   * Brings records and domains together before the server serves. Storage must be attached by now:
   * VMs whose reboot was interrupted are started again.
   */
  public void recover() {
    power.recover();
    tpms.recover();
    balancer.balance();
  }

  /** Shares the hosts' memory anew, for guests that have come to follow their balloons since. */
  public void balance() {
    balancer.balance();
  }
}
