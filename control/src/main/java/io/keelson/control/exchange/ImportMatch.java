package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.exchange.ImportOptions.InArchive;
import io.keelson.control.exchange.ImportOptions.InPool;
import io.keelson.control.storage.SrRules;
import io.keelson.control.vm.provision.VmRecords;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What in the pool an archive's objects correspond to. */
final class ImportMatch {
  private final Snapshot state;
  private final Arrivals arrivals;
  private final ImportOptions options;

  ImportMatch(Snapshot state, Arrivals arrivals, ImportOptions options) {
    this.state = state;
    this.arrivals = arrivals;
    this.options = options;
  }

  /**
   * The repository that the archive's disks go to.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, DEFAULT_SR_NOT_FOUND
   */
  Ref<Sr> repository(InArchive disks) {
    if (disks.sr().isPresent()) {
      Ref<Sr> named = disks.sr().get();
      Sr _ = state.get(ApiModel.SR, named);
      return named;
    }
    return SrRules.usual(state);
  }

  /**
   * The pool's disks that those of the archive are, by their ids there.
   *
   * @throws io.keelson.api.ApiError IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND, unless forced
   */
  Map<String, Ref<Vdi>> disks(InPool disks) {
    Map<String, Ref<Vdi>> found = new HashMap<>();
    arrivals
        .disks()
        .forEach((id, vdi) -> {
          String uuid = disks.instead().getOrDefault(vdi.uuid(), vdi.uuid());
          Optional<Ref<Vdi>> here = state.table(ApiModel.VDI).byUuid(uuid);
          if (here.isEmpty() && !options.force()) {
            throw ApiErrors.importErrorAttachedDisksNotFound();
          }
          here.ifPresent(ref -> found.put(id, ref));
        });
    return found;
  }

  /** The pool's images that were in drives for removable media: the same ones, by uuid or name. */
  Map<String, Ref<Vdi>> media() {
    Map<String, Ref<Vdi>> found = new HashMap<>();
    arrivals.media().forEach((id, vdi) -> image(vdi).ifPresent(ref -> found.put(id, ref)));
    return found;
  }

  private Optional<Ref<Vdi>> image(Vdi wanted) {
    return state
        .table(ApiModel.VDI)
        .byUuid(wanted.uuid())
        .filter(ref -> isImage(state.get(ApiModel.VDI, ref)))
        .or(() ->
            state
                .rows(ApiModel.VDI)
                .filter(row -> row.record().location().equals(wanted.location()))
                .filter(row -> isImage(row.record()))
                .<Ref<Vdi>>map(Row::ref)
                .findFirst());
  }

  private boolean isImage(Vdi vdi) {
    return state
        .find(ApiModel.SR, vdi.sr())
        .filter(sr -> sr.contentType().equals("iso"))
        .isPresent();
  }

  /** The network here with the uuid, or else the name; empty when one has to be made. */
  Optional<Ref<Network>> network(Network wanted) {
    return state
        .table(ApiModel.NETWORK)
        .byUuid(wanted.uuid())
        .or(() ->
            state
                .rows(ApiModel.NETWORK)
                .filter(row -> row.record().nameLabel().equals(wanted.nameLabel()))
                .map(Row::ref)
                .min((a, b) -> a.text().compareTo(b.text())));
  }

  /**
   * Makes sure that the VMs can run here as they ran before, where that matters.
   *
   * @throws io.keelson.api.ApiError VM_INCOMPATIBLE_WITH_THIS_HOST
   */
  void checkProcessors() {
    if (options.checkProcessor() && !options.force()) {
      arrivals.vms().values().forEach(vm -> ProcessorRules.check(state, vm));
    }
  }

  /**
   * Makes sure that suspended VMs bring their memory, and can go on beside the VMs that are here.
   *
   * @param replaced VMs that go
   * @throws io.keelson.api.ApiError IMPORT_ERROR_FAILED_TO_FIND_OBJECT, IMPORT_ERROR
   */
  void checkMemory(Map<String, Ref<Vm>> replaced) {
    if (options.force()) {
      return;
    }
    Map<String, String> suspended = arrivals.suspended();
    arrivals
        .vms()
        .forEach((id, vm) -> {
          if (vm.powerState() == VmPowerState.SUSPENDED && !suspended.containsKey(id)) {
            throw ApiErrors.importErrorFailedToFindObject(vm.suspendVdi().text());
          }
          if (suspended.containsKey(id) && !vm.isASnapshot()) {
            ArrivedMemory.of(arrivals, id).checkAddresses(state, replaced);
          }
        });
  }

  /**
   * The VMs whose place the archive's take, by their ids there.
   *
   * @throws io.keelson.api.ApiError UUID_INVALID, VM_BAD_POWER_STATE,
   *     VM_TO_IMPORT_IS_NOT_NEWER_VERSION, DUPLICATE_MAC_SEED, and why a VM cannot be destroyed
   */
  Map<String, Ref<Vm>> replaced() {
    Map<String, Ref<Vm>> found = new HashMap<>();
    if (!options.restore()) {
      return found;
    }
    arrivals
        .vms()
        .forEach((id, vm) ->
            state
                .table(ApiModel.VM)
                .byUuid(uuid(vm))
                .ifPresent(ref -> {
                  checkReplaceable(ref, vm);
                  found.put(id, ref);
                }));
    if (!options.force()) {
      arrivals.vms().values().stream()
          .filter(vm -> !vm.isASnapshot())
          .forEach(vm -> checkSeed(vm, found));
    }
    return found;
  }

  private static String uuid(Vm vm) {
    try {
      return UUID.fromString(vm.uuid()).toString();
    } catch (IllegalArgumentException _) {
      throw ApiErrors.uuidInvalid(ApiModel.VM.name(), vm.uuid());
    }
  }

  private void checkReplaceable(Ref<Vm> ref, Vm wanted) {
    Vm here = state.get(ApiModel.VM, ref);
    if (here.powerState() != VmPowerState.HALTED) {
      throw ApiErrors.vmBadPowerState(
          ref.text(), "halted", here.powerState().text().toLowerCase(Locale.ROOT));
    }
    VmRules.check(state, ref, VmOperations.DESTROY);
    switch (options.disks()) {
      case InArchive _ -> {}
      case InPool _ -> {
        if (!options.force() && wanted.version() <= here.version()) {
          throw ApiErrors.vmToImportIsNotNewerVersion(
              ref.text(), Long.toString(here.version()), Long.toString(wanted.version()));
        }
      }
    }
  }

  /** Two VMs with one seed would have cards with the same addresses. */
  private void checkSeed(Vm vm, Map<String, Ref<Vm>> replaced) {
    String seed = vm.otherConfig().getOrDefault(VmRecords.MAC_SEED, "");
    boolean taken =
        !seed.isEmpty()
            && state
                .rows(ApiModel.VM)
                .filter(row -> !replaced.containsValue(row.ref()) && !row.record().isASnapshot())
                .anyMatch(row -> seed.equals(row.record().otherConfig().get(VmRecords.MAC_SEED)));
    if (taken) {
      throw ApiErrors.duplicateMacSeed(seed);
    }
  }
}
