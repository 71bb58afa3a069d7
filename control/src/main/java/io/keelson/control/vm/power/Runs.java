package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.network.VmNics;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.HostId;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.VmDisks;
import io.keelson.control.vm.guest.AgentConfig;
import io.keelson.control.vm.memory.MemoryBalancer;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.tpm.VtpmRecords;
import io.keelson.host.Boot;
import io.keelson.host.Compute;
import io.keelson.host.Domain;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Drivers;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans runs of VMs, builds them on hosts and ends them, devices included. */
final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Compute compute;
  private final VmDisks disks;
  private final VmNics nics;
  private final LifecycleSettings settings;
  private final MemoryBalancer balancer;

  Runs(Drivers drivers, LifecycleSettings settings, MemoryBalancer balancer) {
    this.compute = drivers.compute();
    this.disks = new VmDisks(new StorageDrivers(drivers.storages()));
    this.nics = new VmNics(drivers.network());
    this.settings = settings;
    this.balancer = balancer;
  }

  LifecycleSettings settings() {
    return settings;
  }

  /** The run that the VM's records ask for; its devices are claimed. */
  RunPlan fresh(Transaction tx, Claims claims, Ref<Vm> ref, Ref<Host> host, boolean paused) {
    Vm vm = tx.get(ApiModel.VM, ref);
    return new RunPlan(
        ref,
        vm,
        host,
        HostId.of(tx, host),
        BootPlan.of(ref, vm, settings.kernelFolders()),
        disks.claim(tx, claims, ref, host, VmDisks.Which.ALL),
        nics.claim(tx, claims, ref, host, VmNics.Which.ALL),
        vm.vcpusAtStartup(),
        balancer.share(tx, host, ref, MemoryCost.least(vm), MemoryCost.most(vm)),
        VtpmRecords.of(tx, vm),
        HeldDevices.claim(tx, ref, host),
        AgentConfig.of(tx),
        paused);
  }

  /**
   * The run that goes on from the VM's memory image, with what it had when it was suspended; that
   * was no device of a host.
   */
  RunPlan suspended(Transaction tx, Claims claims, Ref<Vm> ref, Ref<Host> host, boolean paused) {
    Vm vm = tx.get(ApiModel.VM, ref);
    long onLine = tx.find(ApiModel.VM_METRICS, vm.metrics()).map(m -> m.vcpusNumber()).orElse(0L);
    return new RunPlan(
        ref,
        vm,
        host,
        HostId.of(tx, host),
        BootPlan.of(ref, vm, settings.kernelFolders()),
        disks.claim(tx, claims, ref, host, VmDisks.Which.ATTACHED),
        nics.claim(tx, claims, ref, host, VmNics.Which.ATTACHED),
        onLine > 0 ? onLine : vm.vcpusAtStartup(),
        vm.memoryTarget() > 0 ? vm.memoryTarget() : vm.memoryDynamicMax(),
        VtpmRecords.of(tx, vm),
        List.of(),
        AgentConfig.of(tx),
        paused);
  }

  /** Builds the domain once there is memory for it; when that fails nothing is left. */
  Started start(RunPlan plan, Progress progress) {
    long memory =
        balancer.makeRoom(
            plan.host(), plan.ref(), MemoryCost.least(plan.vm()), plan.memoryTarget(), progress);
    RunPlan fitting = plan.withMemoryTarget(memory);
    Domain domain = build(fitting, spec -> compute.start(plan.hostId(), spec, plan.paused()));
    return new Started(fitting, domain);
  }

  /** Builds the domain from its memory image, with the memory that it had. */
  Started resume(RunPlan plan, Path image, Progress progress) {
    long had = plan.memoryTarget();
    long _ = balancer.makeRoom(plan.host(), plan.ref(), had, had, progress);
    Domain domain =
        build(plan, spec -> compute.resume(plan.hostId(), spec, image, plan.paused(), progress));
    return new Started(plan, domain);
  }

  Optional<Domain> find(Placed placed) {
    return compute.find(placed.hostId(), placed.vmId());
  }

  VmNics nics() {
    return nics;
  }

  Compute compute() {
    return compute;
  }

  /** Ends the VM's domain if there is one, and lets go of its cards. */
  void end(Snapshot state, Placed placed) {
    try {
      compute.destroy(placed.hostId(), placed.vmId());
    } catch (DriverException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
    release(state, placed);
  }

  /** Lets go of the cards of a domain that has ended; what fails is logged and passed over. */
  void release(Snapshot state, Placed placed) {
    try {
      nics.detachAll(state, placed.vm(), placed.host());
    } catch (DriverException e) {
      LOG.warn("network cards of {} stay connected", placed.vmId(), e);
    }
  }

  private Domain build(RunPlan plan, Function<DomainSpec, Domain> driver) {
    var drives = disks.open(plan.disks());
    List<NicSpec> cards = nics.attach(plan.nics());
    try {
      return driver.apply(plan.spec(drives, cards));
    } catch (DriverException e) {
      if (e.reason() == Reason.ALREADY_EXISTS) {
        // The cards are those of the domain that is there.
        throw ApiErrors.domainExists(plan.ref().text(), domid(plan));
      }
      nics.detach(plan.nics());
      throw explained(plan.ref(), plan.boot(), e);
    } catch (RuntimeException e) {
      nics.detach(plan.nics());
      throw e;
    }
  }

  private String domid(RunPlan plan) {
    return compute.find(plan.hostId(), plan.vmId()).map(d -> Long.toString(d.domid())).orElse("-1");
  }

  /** A kernel that is not there is the boot loader's failure in the terms of the API. */
  private static RuntimeException explained(Ref<Vm> vm, Boot boot, DriverException e) {
    return switch (boot) {
      case Boot.Firmware _ -> e;
      case Boot.Kernel _ ->
          e.reason() == Reason.NOT_FOUND || e.reason() == Reason.INVALID
              ? ApiErrors.bootloaderFailed(vm.text(), String.valueOf(e.getMessage()))
              : e;
    };
  }
}
