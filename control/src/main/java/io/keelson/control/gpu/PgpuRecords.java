package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.host.PciDevice;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The records of a host's graphics processors. */
final class PgpuRecords {
  private PgpuRecords() {}

  /** Makes the records be what was found; a new processor joins the group for its kind. */
  static void refresh(Transaction tx, Ref<Host> host, Map<Ref<Pci>, PciDevice> found) {
    List<Row<Pgpu>> known =
        tx.rows(ApiModel.PGPU).filter(row -> row.record().host().equals(host)).toList();
    found.forEach((pci, device) -> {
      if (device.isDisplay()) {
        Ref<Pgpu> gpu =
            known.stream()
                .filter(row -> row.record().pci().equals(pci))
                .findFirst()
                .<Ref<Pgpu>>map(Row::ref)
                .orElseGet(() -> create(tx, host, pci, device));
        describe(tx, gpu, device);
      }
    });
    known.stream()
        .filter(row -> !found.containsKey(row.record().pci()))
        .forEach(row -> remove(tx, row.ref()));
    GpuGroups.refreshAll(tx);
  }

  private static Ref<Pgpu> create(Transaction tx, Ref<Host> host, Ref<Pci> pci, PciDevice device) {
    Pgpu wanted =
        Pgpu.builder()
            .build()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .host(host)
                    .pci(pci)
                    .gpuGroup(GpuGroups.forDevice(tx, device)));
    return tx.create(ApiModel.PGPU, wanted);
  }

  /**
   * Kinds that are new here are enabled at once. While a VM has the whole processor, no driver of
   * the host says into what it could be divided: what is known stays.
   */
  private static void describe(Transaction tx, Ref<Pgpu> ref, PciDevice device) {
    Pgpu now = tx.get(ApiModel.PGPU, ref);
    if (tx.rows(ApiModel.VM).anyMatch(vm -> vm.record().attachedPcis().contains(now.pci()))) {
      return;
    }
    Map<Ref<VgpuType>, Long> most = capacities(tx, now, device);
    Set<Ref<VgpuType>> enabled = new HashSet<>(most.keySet());
    enabled.removeIf(
        type -> now.supportedVgpuTypes().contains(type) && !now.enabledVgpuTypes().contains(type));
    Pgpu fresh =
        now.with(b ->
            b.isSystemDisplayDevice(device.bootDisplay())
                .supportedVgpuMaxCapacities(Map.copyOf(most))
                .supportedVgpuTypes(Set.copyOf(most.keySet()))
                .enabledVgpuTypes(Set.copyOf(enabled)));
    if (!fresh.equals(now)) {
      tx.update(ApiModel.PGPU, ref, _ -> fresh);
    }
  }

  /** A processor that the host itself shows its console with is not to be had as a whole. */
  private static Map<Ref<VgpuType>, Long> capacities(Transaction tx, Pgpu gpu, PciDevice device) {
    Host host = tx.get(ApiModel.HOST, gpu.host());
    boolean taken =
        device.bootDisplay()
            && (BootStates.isShown(host.display()) || BootStates.isUsable(gpu.dom0Access()));
    Map<Ref<VgpuType>, Long> most = new LinkedHashMap<>();
    if (!taken) {
      most.put(VgpuTypes.passthrough(tx), 1L);
    }
    device.shares().forEach(share -> most.put(VgpuTypes.of(tx, share), (long) share.most()));
    return most;
  }

  private static void remove(Transaction tx, Ref<Pgpu> gpu) {
    tx.get(ApiModel.PGPU, gpu)
        .residentVgpus()
        .forEach(vgpu ->
            tx.update(
                ApiModel.VGPU,
                vgpu,
                v -> v.with(b -> b.residentOn(Ref.none()).currentlyAttached(false))));
    tx.delete(ApiModel.PGPU, gpu);
  }
}
