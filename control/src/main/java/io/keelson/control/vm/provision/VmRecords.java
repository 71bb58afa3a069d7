package io.keelson.control.vm.provision;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.blob.BlobRecords;
import io.keelson.control.gpu.VgpuRecords;
import io.keelson.control.network.VifRecords;
import io.keelson.control.rules.Recommendations;
import io.keelson.control.storage.VbdRecords;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.memory.MemoryLimits;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.VtpmRecords;
import io.keelson.store.Transaction;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Makes and deletes the records of VMs, with those that belong to them. */
public final class VmRecords {
  /** other_config key from which hardware addresses of network cards follow. */
  public static final String MAC_SEED = "mac_seed";

  private static final String BASE_TEMPLATE = "base_template_name";
  private static final long NO_DOMID = -1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private VmRecords() {}

  /**
   * Adds a halted VM with the wanted fields, under a new uuid.
   *
   * @throws io.keelson.api.ApiError MEMORY_CONSTRAINT_VIOLATION, INVALID_VALUE for processors,
   *     VALUE_NOT_SUPPORTED for more than its recommendations allow
   */
  public static Ref<Vm> create(Transaction tx, Vm wanted, Instant now) {
    check(wanted);
    Recommendations recommended = Recommendations.of(wanted);
    recommended.checkMemory(wanted.memoryStaticMax());
    recommended.checkProcessors(wanted.vcpusMax());
    Map<String, String> config = new LinkedHashMap<>(wanted.otherConfig());
    config.putIfAbsent(MAC_SEED, UUID.randomUUID().toString());
    Ref<Vm> ref = Ref.fresh();
    add(tx, ref, wanted.with(b -> b.otherConfig(Map.copyOf(config))), now);
    return ref;
  }

  /**
   * Adds a copy of a VM without its devices: halted, with a seed of its own for addresses, and
   * nothing that only the original has lived through.
   */
  static void copy(Transaction tx, Ref<Vm> ref, Vm source, String name, Instant now) {
    Map<String, String> config = new LinkedHashMap<>(source.otherConfig());
    config.put(MAC_SEED, UUID.randomUUID().toString());
    if (VmRules.isDefaultTemplate(source)) {
      config.remove(VmRules.DEFAULT_TEMPLATE);
      config.put(BASE_TEMPLATE, source.nameLabel());
    }
    Vm blank = VmFields.API_CLASS.blank();
    Vm copy =
        source.with(b ->
            b.nameLabel(name)
                .otherConfig(Map.copyOf(config))
                .generationId(generation(source.generationId()))
                .isASnapshot(false)
                .isSnapshotFromVmpp(false)
                .snapshotOf(Ref.none())
                .snapshotTime(blank.snapshotTime())
                .snapshotInfo(Map.of())
                .snapshotMetadata("")
                .transportableSnapshotId("")
                .parent(Ref.none())
                .appliance(Ref.none())
                .protectionPolicy(Ref.none())
                .lastBootedRecord("")
                .lastBootCpuFlags(Map.of())
                .blobs(Map.of()));
    add(tx, ref, copy, now);
  }

  private static void add(Transaction tx, Ref<Vm> ref, Vm wanted, Instant now) {
    add(tx, ref, wanted, VmMetrics.builder().installTime(now).build());
  }

  /**
   * Adds a halted VM without devices under a new uuid.
   *
   * @param figures what its VM_metrics begin with
   */
  public static void add(Transaction tx, Ref<Vm> ref, Vm wanted, VmMetrics figures) {
    Vm blank = VmFields.API_CLASS.blank();
    Ref<VmMetrics> metrics =
        tx.create(ApiModel.VM_METRICS, figures.with(b -> b.uuid(UUID.randomUUID().toString())));
    Vm vm =
        wanted.with(b ->
            b.uuid(UUID.randomUUID().toString())
                .metrics(metrics)
                .guestMetrics(Ref.none())
                .powerState(VmPowerState.HALTED)
                .domid(NO_DOMID)
                .residentOn(Ref.none())
                .scheduledToBeResidentOn(Ref.none())
                .suspendVdi(Ref.none())
                .isControlDomain(false)
                .memoryTarget(0)
                .memoryOverhead(MemoryCost.overheadBytes(wanted))
                .currentOperations(Map.of())
                .allowedOperations(blank.allowedOperations())
                .attachedPcis(blank.attachedPcis())
                .children(blank.children())
                .consoles(blank.consoles())
                .crashDumps(blank.crashDumps())
                .snapshots(blank.snapshots())
                .vbds(blank.vbds())
                .vifs(blank.vifs())
                .vgpus(blank.vgpus())
                .vtpms(blank.vtpms()));
    tx.create(ApiModel.VM, ref, vm);
  }

  /**
   * Removes a VM with its drives, cards, TPM, virtual GPUs, consoles, blobs and figures; disks
   * stay. What followed on it in the history of a VM follows on what came before it from now on.
   */
  public static void delete(Transaction tx, Ref<Vm> ref) {
    Vm vm = tx.get(ApiModel.VM, ref);
    vm.vbds().forEach(vbd -> VbdRecords.delete(tx, vbd));
    vm.vifs().forEach(vif -> VifRecords.delete(tx, vif));
    VtpmRecords.deleteAll(tx, vm);
    VgpuRecords.deleteAll(tx, vm);
    vm.consoles().forEach(console -> tx.delete(ApiModel.CONSOLE, console));
    vm.crashDumps().forEach(dump -> tx.delete(ApiModel.CRASHDUMP, dump));
    vm.snapshots()
        .forEach(s -> tx.update(ApiModel.VM, s, v -> v.with(b -> b.snapshotOf(Ref.none()))));
    vm.children().forEach(c -> tx.update(ApiModel.VM, c, v -> v.with(b -> b.parent(vm.parent()))));
    tx.delete(ApiModel.VM, ref);
    BlobRecords.drop(tx, vm.blobs());
    if (tx.find(ApiModel.VM_METRICS, vm.metrics()).isPresent()) {
      tx.delete(ApiModel.VM_METRICS, vm.metrics());
    }
    if (tx.find(ApiModel.VM_GUEST_METRICS, vm.guestMetrics()).isPresent()) {
      tx.delete(ApiModel.VM_GUEST_METRICS, vm.guestMetrics());
    }
  }

  /**
   * @throws io.keelson.api.ApiError MEMORY_CONSTRAINT_VIOLATION, INVALID_VALUE for processors
   */
  public static void check(Vm wanted) {
    MemoryLimits.of(wanted).require();
    checkProcessors(wanted.vcpusAtStartup(), wanted.vcpusMax());
  }

  private static void checkProcessors(long atStartup, long most) {
    if (most < 1 || most > VmRules.MOST_PROCESSORS) {
      throw ApiErrors.invalidValue("VCPUs_max", Long.toString(most));
    }
    if (atStartup < 1 || atStartup > most) {
      throw ApiErrors.invalidValue("VCPUs_at_startup", Long.toString(atStartup));
    }
  }

  /** A guest that watches its generation sees that it was copied; one without stays without. */
  public static String generation(String source) {
    return source.isEmpty() ? "" : RANDOM.nextLong() + ":" + RANDOM.nextLong();
  }
}
