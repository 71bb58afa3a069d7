package io.keelson.control.patch;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostPatch;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.host.Product;
import io.keelson.store.Snapshot;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a patch can be put in force on a host. */
final class PatchRules {
  private PatchRules() {}

  /** Whether it is in force there. */
  static boolean isApplied(Snapshot state, Ref<PoolPatch> patch, Ref<Host> host) {
    return state.get(ApiModel.POOL_PATCH, patch).hostPatches().stream()
        .map(ref -> state.get(ApiModel.HOST_PATCH, ref))
        .anyMatch(each -> each.host().equals(host) && each.applied());
  }

  /**
   * What the manifest wants of a host.
   *
   * @throws io.keelson.api.ApiError PATCH_PRECHECK_FAILED_*
   */
  static void check(
      Snapshot state, Ref<PoolPatch> patch, Ref<Host> hostRef, PatchManifest manifest, long space) {
    Host host = state.get(ApiModel.HOST, hostRef);
    if (!manifest.isFor(Product.version())) {
      throw ApiErrors.patchPrecheckFailedWrongServerVersion(
          patch.text(), Product.version(), manifest.serverVersion());
    }
    Set<String> applied =
        host.patches().stream()
            .map(ref -> state.get(ApiModel.HOST_PATCH, ref))
            .filter(HostPatch::applied)
            .flatMap(each -> state.find(ApiModel.POOL_PATCH, each.poolPatch()).stream())
            .map(PoolPatch::uuid)
            .collect(Collectors.toSet());
    String missing =
        manifest.requires().stream()
            .filter(uuid -> !applied.contains(uuid))
            .collect(Collectors.joining("; "));
    if (!missing.isEmpty()) {
      throw ApiErrors.patchPrecheckFailedPrerequisiteMissing(patch.text(), missing);
    }
    if (manifest.noRunningVms() && runsVms(state, host)) {
      throw ApiErrors.patchPrecheckFailedVmRunning(patch.text());
    }
    if (manifest.requiredSpace() > space) {
      throw ApiErrors.patchPrecheckFailedOutOfSpace(
          patch.text(), Long.toString(space), Long.toString(manifest.requiredSpace()));
    }
  }

  private static boolean runsVms(Snapshot state, Host host) {
    return host.residentVms().stream()
        .flatMap(vm -> state.find(ApiModel.VM, vm).stream())
        .anyMatch(vm -> !vm.isControlDomain());
  }
}
