package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.api.model.Vtpm;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an archive brings, checked in itself: every object that one needs is in it. References to
 * anything else count as none; in particular nothing in an archive can name an object of the pool.
 */
final class Arrivals {
  private final Map<String, Vm> vms;
  private final Map<String, Vbd> vbds;
  private final Map<String, Vif> vifs;
  private final Map<String, Vtpm> vtpms;
  private final Map<String, Vgpu> vgpus;
  private final Map<String, Vdi> vdis;
  private final Map<String, Network> networks;
  private final Bundle bundle;

  private Arrivals(Bundle bundle) {
    this.bundle = bundle;
    this.vms = new LinkedHashMap<>(bundle.of(ApiModel.VM));
    vms.values().removeIf(Vm::isControlDomain);
    this.vbds = new LinkedHashMap<>(bundle.of(ApiModel.VBD));
    this.vifs = new LinkedHashMap<>(bundle.of(ApiModel.VIF));
    this.vtpms = new LinkedHashMap<>(bundle.of(ApiModel.VTPM));
    this.vgpus = new LinkedHashMap<>(bundle.of(ApiModel.VGPU));
    this.vdis = bundle.of(ApiModel.VDI);
    this.networks = bundle.of(ApiModel.NETWORK);
    // The devices of control domains stay behind with them.
    Map<String, Vm> all = bundle.of(ApiModel.VM);
    vbds.values().removeIf(v -> isControlDomain(all, v.vm()));
    vifs.values().removeIf(v -> isControlDomain(all, v.vm()));
    vtpms.values().removeIf(v -> isControlDomain(all, v.vm()));
    vgpus.values().removeIf(v -> isControlDomain(all, v.vm()));
  }

  private static boolean isControlDomain(Map<String, Vm> all, Ref<Vm> vm) {
    Vm owner = all.get(vm.text());
    return owner != null && owner.isControlDomain();
  }

  /**
   * @throws io.keelson.api.ApiError IMPORT_ERROR_FAILED_TO_FIND_OBJECT, IMPORT_ERROR
   */
  static Arrivals of(Bundle bundle) {
    Arrivals arrivals = new Arrivals(bundle);
    arrivals.check();
    return arrivals;
  }

  private void check() {
    if (vms.isEmpty()) {
      throw ApiErrors.importError("There is no VM in the archive");
    }
    vbds.values()
        .forEach(vbd -> {
          require(vms, vbd.vm());
          if (vbd.type() == VbdType.DISK && !vbd.empty()) {
            require(vdis, vbd.vdi());
          }
        });
    vifs.values()
        .forEach(vif -> {
          require(vms, vif.vm());
          require(networks, vif.network());
        });
    vtpms.values().forEach(vtpm -> require(vms, vtpm.vm()));
    if (vtpms.values().stream().map(Vtpm::vm).distinct().count() < vtpms.size()) {
      throw ApiErrors.importError("A VM in the archive has two virtual TPMs");
    }
    vgpus
        .values()
        .forEach(vgpu -> {
          require(vms, vgpu.vm());
          require(bundle.of(ApiModel.GPU_GROUP), vgpu.gpuGroup());
        });
    checkMemory();
    vms.forEach((id, vm) -> {
      Vm original = vms.get(vm.snapshotOf().text());
      if (original != null && original.isASnapshot()) {
        throw ApiErrors.importError("The archive has a snapshot of a snapshot");
      }
      checkHistory(id);
    });
  }

  /** Whose memory a VM goes on with nobody else can have or write. */
  private void checkMemory() {
    Set<String> images = new HashSet<>();
    suspended()
        .forEach((id, image) -> {
          boolean drive = vbds.values().stream().anyMatch(vbd -> vbd.vdi().text().equals(image));
          if (drive || !images.add(image)) {
            throw ApiErrors.importError(
                "The memory of the suspended VM " + id + " is another's, or in a drive");
          }
        });
  }

  private static void require(Map<String, ?> objects, Ref<?> ref) {
    if (!objects.containsKey(ref.text())) {
      throw ApiErrors.importErrorFailedToFindObject(ref.text());
    }
  }

  /** Nothing comes before itself. */
  private void checkHistory(String start) {
    Set<String> seen = new HashSet<>();
    String id = start;
    for (Vm vm = vms.get(id); vm != null; id = vm.parent().text(), vm = vms.get(id)) {
      if (!seen.add(id)) {
        throw ApiErrors.importError("A VM in the archive comes before itself");
      }
    }
  }

  Map<String, Vm> vms() {
    return vms;
  }

  Map<String, Vbd> vbds() {
    return vbds;
  }

  Map<String, Vif> vifs() {
    return vifs;
  }

  Map<String, Vtpm> vtpms() {
    return vtpms;
  }

  Map<String, Vgpu> vgpus() {
    return vgpus;
  }

  Map<String, Network> networks() {
    return networks;
  }

  Bundle bundle() {
    return bundle;
  }

  /** The suspended VMs that have their memory with them, and the ids of its images. */
  Map<String, String> suspended() {
    Map<String, String> suspended = new LinkedHashMap<>();
    vms.forEach((id, vm) -> {
      if (vm.powerState() == VmPowerState.SUSPENDED && vdis.containsKey(vm.suspendVdi().text())) {
        suspended.put(id, vm.suspendVdi().text());
      }
    });
    return suspended;
  }

  /** The disks with data of their own, in the order in which an archive has them. */
  Map<String, Vdi> disks() {
    Map<String, Vdi> disks = new TreeMap<>(vdis);
    vbds.values().stream()
        .filter(vbd -> vbd.type() != VbdType.DISK)
        .forEach(vbd -> disks.remove(vbd.vdi().text()));
    vbds.values().stream()
        .filter(vbd -> vbd.type() == VbdType.DISK && !vbd.empty())
        .forEach(vbd -> disks.put(vbd.vdi().text(), vdis.get(vbd.vdi().text())));
    return disks;
  }

  /** What was in the other drives. */
  Map<String, Vdi> media() {
    Map<String, Vdi> media = new LinkedHashMap<>(vdis);
    media.keySet().removeAll(disks().keySet());
    return media;
  }
}
