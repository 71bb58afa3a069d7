package io.keelson.control.vm.memory;

import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.gpu.PciList;

/**
 * What a VM costs its host beyond its own memory, by the formula that XenAPI clients plan with: 256
 * pages of shadow memory a processor, and two for each MiB of the ceiling.
 */
public final class MemoryCost {
  public static final long MIB = 1L << 20;

  private static final long PAGES_PER_MIB = 256;
  private static final long SHADOW_PAGES_PER_PROCESSOR = 256;
  private static final long SHADOW_PAGES_PER_MIB = 2;
  private static final long HYPERVISOR_MIB = 1;
  private static final long VIDEO_MIB = 1;

  private MemoryCost() {}

  /** VM.memory_overhead, bytes. */
  public static long overheadBytes(Vm vm) {
    return overheadBytes(vm.vcpusMax(), vm.memoryStaticMax(), vm.hvmShadowMultiplier(), isHvm(vm));
  }

  /** The overhead of a VM that had this ceiling. */
  static long overheadBytes(
      long processors, long staticMaxBytes, double shadowMultiplier, boolean hvm) {
    long pages =
        SHADOW_PAGES_PER_PROCESSOR * processors + SHADOW_PAGES_PER_MIB * ceilMib(staticMaxBytes);
    long shadow = Math.ceilDiv(pages, PAGES_PER_MIB);
    long multiplied = Math.max(1, (long) Math.ceil(shadow * shadowMultiplier));
    return (HYPERVISOR_MIB + (hvm ? VIDEO_MIB : 0) + multiplied) * MIB;
  }

  /** The largest static maximum with which the VM's whole cost is at most {@code total} bytes. */
  static long largestWithin(Vm vm, long total) {
    long low = 0;
    long high = Math.max(0, total / MIB);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      long bytes = middle * MIB;
      long cost = bytes + overheadBytes(vm.vcpusMax(), bytes, vm.hvmShadowMultiplier(), isHvm(vm));
      if (cost <= total) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low * MIB;
  }

  /** The least that the VM has while it runs, bytes: what is left when its balloon is full. */
  public static long least(Vm vm) {
    return isPinned(vm) ? vm.memoryStaticMax() : vm.memoryDynamicMin();
  }

  /** The most that the VM has while it runs, bytes: at least {@link #least}. */
  public static long most(Vm vm) {
    return isPinned(vm) ? vm.memoryStaticMax() : vm.memoryDynamicMax();
  }

  /** Devices of the host write to all of the memory that a guest believes to have. */
  private static boolean isPinned(Vm vm) {
    return !vm.attachedPcis().isEmpty()
        || !vm.vgpus().isEmpty()
        || (vm.powerState() == VmPowerState.HALTED && PciList.isNamed(vm));
  }

  /** What the VM takes from its host at this amount of memory, bytes. */
  public static long footprint(Vm vm, long memoryBytes) {
    return memoryBytes + overheadBytes(vm);
  }

  /** Whether firmware boots it. */
  public static boolean isHvm(Vm vm) {
    return !vm.hvmBootPolicy().isEmpty();
  }

  private static long ceilMib(long bytes) {
    return Math.ceilDiv(bytes, MIB);
  }
}
