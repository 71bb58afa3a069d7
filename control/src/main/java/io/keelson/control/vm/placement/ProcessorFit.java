package io.keelson.control.vm.placement;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a host's processor can go on with what a VM began on another. A guest looks at its
 * processor when it starts, so that one that is halted can start on any.
 */
public final class ProcessorFit {
  private static final String VENDOR = "vendor";
  private static final String FEATURES = "features";

  private ProcessorFit() {}

  /** Whether it matters. */
  public enum Wish {
    /** The processor must have all that the VM has found. */
    COMPATIBLE,
    /** The caller takes the risk. */
    ANY
  }

  /**
   * @throws io.keelson.api.ApiError VM_INCOMPATIBLE_WITH_THIS_HOST
   */
  static void check(Snapshot state, Ref<Vm> ref, Ref<Host> host, Wish wish) {
    Vm vm = state.get(ApiModel.VM, ref);
    boolean goesOn =
        switch (vm.powerState()) {
          case HALTED -> false;
          case RUNNING, PAUSED, SUSPENDED -> !vm.residentOn().equals(host);
        };
    if (goesOn && wish == Wish.COMPATIBLE) {
      missing(vm, state.get(ApiModel.HOST, host))
          .ifPresent(why -> {
            throw ApiErrors.vmIncompatibleWithThisHost(ref.text(), host.text(), why);
          });
    }
  }

  /** What the host's processor has not that the VM's last start found; empty when it has all. */
  public static Optional<String> missing(Vm vm, Host host) {
    Map<String, String> wanted = vm.lastBootCpuFlags();
    Map<String, String> here = host.cpuInfo();
    String vendor = wanted.getOrDefault(VENDOR, "");
    if (!vendor.isEmpty() && !vendor.equals(here.getOrDefault(VENDOR, ""))) {
      return Optional.of("VM last booted on a CPU from a different vendor");
    }
    return includes(here.getOrDefault(FEATURES, ""), wanted.getOrDefault(FEATURES, ""))
        ? Optional.empty()
        : Optional.of("VM last booted on a CPU with features this host's CPU does not have");
  }

  /** Features are words of 32 bits in hexadecimal, parted by dashes. */
  private static boolean includes(String here, String wanted) {
    String[] words = wanted.split("-");
    String[] there = here.split("-");
    for (int i = 0; i < words.length; i++) {
      long word = word(words, i);
      if ((word & ~word(there, i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static long word(String[] words, int index) {
    return index < words.length && words[index].matches("[0-9a-fA-F]{1,8}")
        ? Long.parseLong(words[index], 16)
        : 0;
  }
}
