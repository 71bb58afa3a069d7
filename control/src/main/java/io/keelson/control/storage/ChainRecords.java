package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.host.ChainSurvey;
import io.keelson.host.ChainSurvey.Depth;
import io.keelson.host.DriverException;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Shows in VDI.sm_config how disks rest on images; written only where it has changed. */
final class ChainRecords {
  /** How many images have to be opened to read the disk; absent when it is one. */
  static final String DEPTH = "chain-depth";

  /** How many bytes merging can free at most; absent when there are none. */
  static final String RECLAIMABLE = "chain-reclaimable";

  private ChainRecords() {}

  static void write(Store store, StorageDrivers drivers, SrAccess at, ChainSurvey survey) {
    Snapshot state = store.snapshot();
    Map<Ref<Vdi>, Depth> changed = new LinkedHashMap<>();
    survey
        .volumes()
        .forEach((volume, depth) -> {
          Optional<Ref<Vdi>> vdi = state.table(ApiModel.VDI).byUuid(volume.toString());
          vdi.filter(ref -> differs(state.get(ApiModel.VDI, ref), depth))
              .ifPresent(ref -> changed.put(ref, depth));
        });
    if (changed.isEmpty()) {
      return;
    }
    Map<Ref<Vdi>, Volume> volumes = new LinkedHashMap<>();
    changed
        .keySet()
        .forEach(ref ->
            describe(drivers, at, state.get(ApiModel.VDI, ref))
                .ifPresent(v -> volumes.put(ref, v)));
    StorageSpace space = drivers.space(at);
    store.change(tx -> {
      changed.forEach((ref, depth) -> {
        if (tx.find(ApiModel.VDI, ref).isPresent()) {
          tx.update(
              ApiModel.VDI,
              ref,
              v -> described(v, volumes, ref).with(b -> b.smConfig(config(v, depth))));
        }
      });
      if (tx.find(ApiModel.SR, at.ref()).isPresent()) {
        SrSpace.changed(tx, at.ref(), space, 0);
      }
    });
  }

  private static Vdi described(Vdi vdi, Map<Ref<Vdi>, Volume> volumes, Ref<Vdi> ref) {
    Volume volume = volumes.get(ref);
    return volume == null ? vdi : vdi.with(b -> b.physicalUtilisation(volume.used()));
  }

  private static Optional<Volume> describe(StorageDrivers drivers, SrAccess at, Vdi vdi) {
    try {
      UUID volume = Volumes.id(vdi);
      return Optional.of(drivers.driver(at.type()).describe(at.host(), at.sr(), volume));
    } catch (DriverException _) {
      return Optional.empty(); // destroyed meanwhile
    }
  }

  private static boolean differs(Vdi vdi, Depth depth) {
    return !config(vdi, depth).equals(vdi.smConfig());
  }

  private static Map<String, String> config(Vdi vdi, Depth depth) {
    Map<String, String> config = without(vdi.smConfig());
    if (depth.images() > 1) {
      config.put(DEPTH, Integer.toString(depth.images()));
    }
    if (depth.reclaimable() > 0) {
      config.put(RECLAIMABLE, Long.toString(depth.reclaimable()));
    }
    return Map.copyOf(config);
  }

  /** The settings without what is written here: it is not true of a copy. */
  static Map<String, String> without(Map<String, String> smConfig) {
    Map<String, String> config = new LinkedHashMap<>(smConfig);
    config.remove(DEPTH);
    config.remove(RECLAIMABLE);
    return config;
  }
}
