package io.keelson.control.vm.placement;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.network.VmNics;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.storage.VmDisks;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.store.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a host can run a VM now; the checks come in the order their errors take precedence. */
public final class HostFit {
  private HostFit() {}

  /**
   * @throws ApiError of the first check that fails
   */
  public static void check(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    check(state, ref, host, Wish.COMPATIBLE);
  }

  /**
   * @param wish what counts of the host's processor
   * @throws ApiError of the first check that fails
   */
  public static void check(Snapshot state, Ref<Vm> ref, Ref<Host> host, Wish wish) {
    checkButMemory(state, ref, host, wish);
    checkMemory(state, ref, host);
  }

  /** Whether {@link #check} has no objection. */
  public static boolean passes(Snapshot state, Ref<Vm> ref, Ref<Host> host, Wish wish) {
    try {
      check(state, ref, host, wish);
      return true;
    } catch (ApiError _) {
      return false;
    }
  }

  /** {@link #check} apart from the amount of free memory. */
  public static void checkButMemory(Snapshot state, Ref<Vm> ref, Ref<Host> hostRef) {
    checkButMemory(state, ref, hostRef, Wish.COMPATIBLE);
  }

  /** {@link #check} apart from the amount of free memory. */
  public static void checkButMemory(Snapshot state, Ref<Vm> ref, Ref<Host> hostRef, Wish wish) {
    Vm vm = state.get(ApiModel.VM, ref);
    checkMachine(state, ref, hostRef, wish);
    VmDisks.checkHost(state, ref, hostRef);
    checkImage(state, ref, vm, hostRef);
    VmNics.checkHost(state, ref, hostRef);
    switch (vm.powerState()) {
      case HALTED, RUNNING, PAUSED -> HeldDevices.checkHost(state, ref, hostRef);
      case SUSPENDED -> {} // it held none, and comes back as it was
    }
  }

  /** The part of {@link #check} that has nothing to do with disks, networks and memory. */
  public static void checkMachine(Snapshot state, Ref<Vm> ref, Ref<Host> hostRef, Wish wish) {
    Vm vm = state.get(ApiModel.VM, ref);
    Host host = state.get(ApiModel.HOST, hostRef);
    checkParameters(vm);
    checkHost(state, hostRef, host);
    checkHardware(vm, hostRef, host);
    ProcessorFit.check(state, ref, hostRef, wish);
  }

  /** HOST_NOT_ENOUGH_FREE_MEMORY when even its smallest size does not fit. */
  public static void checkMemory(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    Vm vm = state.get(ApiModel.VM, ref);
    long needed = MemoryCost.footprint(vm, MemoryCost.least(vm));
    long free = HostMemory.of(state, host, ref).free();
    if (needed > free) {
      throw ApiErrors.hostNotEnoughFreeMemory(Long.toString(needed), Long.toString(free));
    }
  }

  private static void checkParameters(Vm vm) {
    if (vm.vcpusMax() < 1) {
      throw ApiErrors.invalidValue("VCPUs_max", Long.toString(vm.vcpusMax()));
    }
    if (vm.vcpusAtStartup() < 1 || vm.vcpusAtStartup() > vm.vcpusMax()) {
      throw ApiErrors.invalidValue("VCPUs_at_startup", Long.toString(vm.vcpusAtStartup()));
    }
  }

  private static void checkHost(Snapshot state, Ref<Host> ref, Host host) {
    if (!LiveHosts.isLive(state, host)) {
      throw ApiErrors.hostNotLive();
    }
    if (!host.enabled()) {
      throw ApiErrors.hostDisabled(ref.text());
    }
  }

  private static void checkHardware(Vm vm, Ref<Host> ref, Host host) {
    List<Long> offered = host.virtualHardwarePlatformVersions();
    long wanted = vm.hardwarePlatformVersion();
    if (wanted > 0 && !offered.contains(wanted)) {
      throw ApiErrors.vmHostIncompatibleVirtualHardwarePlatformVersion(
          ref.text(), offered.toString(), vm.uuid(), Long.toString(wanted));
    }
  }

  /** The repositories of all disks that the VM has, its memory image included. */
  static Set<Ref<Sr>> repositories(Snapshot state, Vm vm) {
    Set<Ref<Sr>> found = new LinkedHashSet<>();
    vm.vbds().stream()
        .flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream())
        .filter(vbd -> !vbd.empty())
        .flatMap(vbd -> state.find(ApiModel.VDI, vbd.vdi()).stream())
        .forEach(vdi -> found.add(vdi.sr()));
    state.find(ApiModel.VDI, vm.suspendVdi()).ifPresent(vdi -> found.add(vdi.sr()));
    return found;
  }

  /** The networks of all cards that the VM has. */
  static Set<Ref<Network>> networks(Snapshot state, Vm vm) {
    return vm.vifs().stream()
        .flatMap(vif -> state.find(ApiModel.VIF, vif).stream())
        .map(Vif::network)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether the repository can be used on the host. */
  public static boolean plugged(Snapshot state, Ref<Sr> sr, Ref<Host> host) {
    return state.find(ApiModel.SR, sr).stream()
        .flatMap(s -> s.pbds().stream())
        .flatMap(pbd -> state.find(ApiModel.PBD, pbd).stream())
        .anyMatch(pbd -> pbd.host().equals(host) && pbd.currentlyAttached());
  }

  /** A suspended VM needs its memory image. */
  public static void checkImage(Snapshot state, Ref<Vm> ref, Vm vm, Ref<Host> host) {
    state
        .find(ApiModel.VDI, vm.suspendVdi())
        .filter(image -> !plugged(state, image.sr(), host))
        .ifPresent(image -> {
          throw ApiErrors.vmRequiresSr(ref.text(), image.sr().text());
        });
  }
}
