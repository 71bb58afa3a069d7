package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Vm;

/**
 * The four memory limits of a VM, bytes: 0 &le; static minimum &le; dynamic minimum &le; dynamic
 * maximum &le; static maximum.
 */
public record MemoryLimits(long staticMin, long dynamicMin, long dynamicMax, long staticMax) {

  public static MemoryLimits of(Vm vm) {
    return new MemoryLimits(
        vm.memoryStaticMin(), vm.memoryDynamicMin(), vm.memoryDynamicMax(), vm.memoryStaticMax());
  }

  /**
   * @return these limits
   * @throws io.keelson.api.ApiError MEMORY_CONSTRAINT_VIOLATION, naming the constraint
   */
  public MemoryLimits require() {
    require(0 <= staticMin, "0 <= memory_static_min");
    require(staticMin <= dynamicMin, "memory_static_min <= memory_dynamic_min");
    require(dynamicMin <= dynamicMax, "memory_dynamic_min <= memory_dynamic_max");
    require(dynamicMax <= staticMax, "memory_dynamic_max <= memory_static_max");
    return this;
  }

  /** The VM with these limits, and the overhead that follows from them. */
  Vm applyTo(Vm vm) {
    Vm limited =
        vm.with(b ->
            b.memoryStaticMin(staticMin)
                .memoryDynamicMin(dynamicMin)
                .memoryDynamicMax(dynamicMax)
                .memoryStaticMax(staticMax));
    return limited.with(b -> b.memoryOverhead(MemoryCost.overheadBytes(limited)));
  }

  private static void require(boolean holds, String constraint) {
    if (!holds) {
      throw ApiErrors.memoryConstraintViolation(constraint);
    }
  }
}
