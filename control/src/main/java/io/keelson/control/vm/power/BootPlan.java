package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.host.Boot;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a VM's boot fields say that it starts. */
final class BootPlan {
  private static final String DEFAULT_ORDER = "cd";

  private BootPlan() {}

  /**
   * @param folders where kernels may be
   * @throws io.keelson.api.ApiError BOOTLOADER_FAILED, UNKNOWN_BOOTLOADER
   */
  static Boot of(Ref<Vm> ref, Vm vm, List<Path> folders) {
    if (MemoryCost.isHvm(vm)) {
      return new Boot.Firmware(order(vm.hvmBootParams().getOrDefault("order", DEFAULT_ORDER)));
    }
    if (vm.pvKernel().isEmpty()) {
      throw vm.pvBootloader().isEmpty()
          ? ApiErrors.bootloaderFailed(
              ref.text(), "the VM names neither a boot policy nor a kernel nor a boot loader")
          : ApiErrors.unknownBootloader(ref.text(), vm.pvBootloader());
    }
    Optional<Path> ramdisk =
        vm.pvRamdisk().isEmpty()
            ? Optional.empty()
            : Optional.of(file(ref, vm.pvRamdisk(), folders));
    return new Boot.Kernel(file(ref, vm.pvKernel(), folders), ramdisk, vm.pvArgs());
  }

  private static List<Boot.Device> order(String letters) {
    List<Boot.Device> order = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      device(letters.charAt(i)).filter(d -> !order.contains(d)).ifPresent(order::add);
    }
    return order.isEmpty() ? order(DEFAULT_ORDER) : order;
  }

  private static Optional<Boot.Device> device(char letter) {
    return switch (letter) {
      case 'c' -> Optional.of(Boot.Device.DISK);
      case 'd' -> Optional.of(Boot.Device.CD);
      case 'n' -> Optional.of(Boot.Device.NETWORK);
      default -> Optional.empty();
    };
  }

  private static Path file(Ref<Vm> ref, String name, List<Path> folders) {
    try {
      Path path = Path.of(name).normalize();
      if (folders.stream().anyMatch(path::startsWith)) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw ApiErrors.bootloaderFailed(ref.text(), String.valueOf(e.getMessage()));
    }
    throw ApiErrors.bootloaderFailed(
        ref.text(), name + " is not in a folder that kernels may be read from");
  }
}
