package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostDisplay;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.PgpuDom0Access;
import io.keelson.control.Recovery;
import io.keelson.host.Devices;
import io.keelson.host.DriverException;
import io.keelson.host.PciDevice;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which devices hosts have, when the server starts and when a host has booted, and has
 * the machine do what the records say of its screens and processors since that boot.
 */
public record DeviceScan(Store store, Devices devices) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceScan.class);

  @Override
  public void recover() {
    store.snapshot().rows(ApiModel.HOST).toList().forEach(host -> scan(host.ref()));
  }

  /** Brings the records of a host's devices up to date; those of one that is off stay. */
  public void scan(Ref<Host> ref) {
    Optional<Host> host = store.snapshot().find(ApiModel.HOST, ref);
    if (host.isEmpty()) {
      return;
    }
    UUID uuid = UUID.fromString(host.get().uuid());
    try {
      List<PciDevice> found = devices.scan(uuid);
      Optional<String> lacks = devices.lacks(uuid);
      lacks.ifPresent(missing -> LOG.debug("{}: {}", host.get().nameLabel(), missing));
      enforce(ref, uuid);
      store.change(tx -> {
        if (tx.find(ApiModel.HOST, ref).isPresent()) {
          chipset(tx, ref, lacks.isEmpty());
          PgpuRecords.refresh(tx, ref, PciRecords.refresh(tx, ref, found));
          VgpuTypes.clear(tx);
        }
      });
    } catch (DriverException silent) {
      LOG.debug("{} does not tell of its devices", host.get().nameLabel(), silent);
    }
  }

  private static void chipset(Transaction tx, Ref<Host> ref, boolean iommu) {
    Map<String, String> now = tx.get(ApiModel.HOST, ref).chipsetInfo();
    Map<String, String> fresh = new HashMap<>(now);
    fresh.put(HeldDevices.IOMMU, Boolean.toString(iommu));
    if (!fresh.equals(now)) {
      tx.update(ApiModel.HOST, ref, h -> h.with(b -> b.chipsetInfo(Map.copyOf(fresh))));
    }
  }

  /** What could not be done is not done: the next boot is to do it. */
  private void enforce(Ref<Host> host, UUID uuid) {
    Snapshot state = store.snapshot();
    if (state.get(ApiModel.HOST, host).display() == HostDisplay.DISABLED
        && !works(() -> devices.hideConsole(uuid))) {
      store.change(tx ->
          tx.update(
              ApiModel.HOST, host, h -> h.with(b -> b.display(HostDisplay.DISABLE_ON_REBOOT))));
    }
    List<Row<Pgpu>> withheld =
        state
            .rows(ApiModel.PGPU)
            .filter(gpu -> gpu.record().host().equals(host))
            .filter(gpu -> gpu.record().dom0Access() == PgpuDom0Access.DISABLED)
            .toList();
    for (Row<Pgpu> gpu : withheld) {
      String address = state.find(ApiModel.PCI, gpu.record().pci()).map(Pci::pciId).orElse("");
      if (!works(() -> devices.withhold(uuid, address))) {
        store.change(tx ->
            tx.update(
                ApiModel.PGPU,
                gpu.ref(),
                g -> g.with(b -> b.dom0Access(PgpuDom0Access.DISABLE_ON_REBOOT))));
      }
    }
  }

  private static boolean works(Runnable act) {
    try {
      act.run();
      return true;
    } catch (DriverException e) {
      LOG.warn("what the host's own system was to let go of, it keeps: {}", e.getMessage());
      return false;
    }
  }
}
