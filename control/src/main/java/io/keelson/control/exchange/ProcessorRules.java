package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Map;
import java.util.Optional;

/** Whether the pool has the processors that a VM last ran on. */
final class ProcessorRules {
  private static final String VENDOR = "vendor";
  private static final String FEATURES = "features";

  private ProcessorRules() {}

  /**
   * @throws io.keelson.api.ApiError VM_INCOMPATIBLE_WITH_THIS_HOST when no host has them
   */
  static void check(Snapshot state, Vm vm) {
    Map<String, String> wanted = vm.lastBootCpuFlags();
    Optional<Refusal> last = Optional.empty();
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      Optional<String> missing = missing(wanted, host.record().cpuInfo());
      if (missing.isEmpty()) {
        return;
      }
      last = missing.map(why -> new Refusal(host.ref().text(), why));
    }
    last.ifPresent(refusal -> {
      throw ApiErrors.vmIncompatibleWithThisHost(vm.uuid(), refusal.host(), refusal.why());
    });
  }

  private record Refusal(String host, String why) {}

  private static Optional<String> missing(Map<String, String> wanted, Map<String, String> here) {
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
