package io.keelson.control.exchange;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.Vtpm;
import io.keelson.control.network.NetworkRecords;
import io.keelson.control.network.VifRecords;
import io.keelson.control.storage.NewVbd;
import io.keelson.control.storage.VbdRecords;
import io.keelson.control.vm.provision.VmRecords;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.VtpmRecords;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Writes down what an archive brought, all of it in one transaction. */
final class ImportRecords {
  private final Transaction tx;
  private final Arrivals arrivals;
  private final boolean restore;
  private final Instant now;
  private final Map<String, UUID> tpms;
  private final Set<String> suspended;

  /** The objects that the archive's ids stand for from now on, by their texts. */
  private final Map<String, String> names = new HashMap<>();

  /** The seeds for addresses that take the place of others: a snapshot keeps that of its VM. */
  private final Map<String, String> seeds = new HashMap<>();

  /**
   * @param tpms the uuids that virtual TPMs get, by their ids
   * @param suspended the ids of the VMs that go on where they were
   */
  ImportRecords(
      Transaction tx,
      Arrivals arrivals,
      boolean restore,
      Instant now,
      Map<String, UUID> tpms,
      Set<String> suspended) {
    this.tx = tx;
    this.arrivals = arrivals;
    this.restore = restore;
    this.now = now;
    this.tpms = tpms;
    this.suspended = Set.copyOf(suspended);
  }

  /** Says what an id stands for. */
  void name(String id, Ref<?> ref) {
    names.put(id, ref.text());
  }

  private String named(String id) {
    return names.getOrDefault(id, Ref.none().text());
  }

  /**
   * The record of a disk, with references that hold here.
   *
   * @param sr where it is
   */
  Vdi disk(Vdi arrived, Ref<Sr> sr) {
    return References.replace(ApiModel.VDI, arrived, this::named)
        .with(b ->
            b.uuid(UUID.randomUUID().toString())
                .sr(sr)
                .parent(Ref.none())
                .metadataOfPool(Ref.none())
                .metadataLatest(false)
                .smConfig(Map.of()) // facts of the storage that it was on
                .storageLock(false));
  }

  /**
   * Writes all but the disks, whose ids are named by now.
   *
   * @param refs what the VMs are called from now on, by their ids
   * @param replaced VMs that go, by the ids of those that take their place
   */
  void write(ImportMatch match, Map<String, Ref<Vm>> refs, Map<String, Ref<Vm>> replaced) {
    refs.forEach(this::name);
    arrivals.networks().forEach((id, network) -> name(id, network(match, network)));
    List<Runnable> legacies = new ArrayList<>();
    replaced.forEach((id, old) -> legacies.addAll(leave(old, named(id))));
    arrivals.vms().forEach((id, vm) -> vm(Ref.of(named(id)), vm));
    legacies.forEach(Runnable::run);
    arrivals.vbds().values().forEach(this::drive);
    arrivals.vifs().values().forEach(this::card);
    arrivals.vtpms().forEach(this::tpm);
    ArrivedGpus.write(tx, arrivals, this::named);
    suspended.forEach(this::suspend);
  }

  private Ref<Network> network(ImportMatch match, Network wanted) {
    return match
        .network(wanted)
        .orElseGet(() -> {
          Ref<Network> made = Ref.fresh();
          NetworkRecords.internal(tx, made, wanted);
          return made;
        });
  }

  /** What was a snapshot of the old VM will be one of the VM in its place. */
  private List<Runnable> leave(Ref<Vm> old, String heir) {
    List<Runnable> legacies = new ArrayList<>();
    tx.get(ApiModel.VM, old).snapshots().forEach(s -> legacies.add(() -> inherit(s, Ref.of(heir))));
    VmRecords.delete(tx, old);
    return legacies;
  }

  private void inherit(Ref<Vm> snapshot, Ref<Vm> heir) {
    if (tx.find(ApiModel.VM, snapshot).isPresent()) {
      tx.update(ApiModel.VM, snapshot, v -> v.with(b -> b.snapshotOf(heir)));
    }
  }

  private void vm(Ref<Vm> ref, Vm arrived) {
    Vm vm = References.replace(ApiModel.VM, arrived, this::named);
    VmRecords.check(vm);
    Map<String, String> config = new LinkedHashMap<>(vm.otherConfig());
    config.remove(VmRules.DEFAULT_TEMPLATE); // those are nobody's to bring
    if (!restore) {
      config.computeIfPresent(VmRecords.MAC_SEED, (_, seed) -> fresh(seed));
    }
    Vm wanted =
        vm.with(b ->
            b.otherConfig(Map.copyOf(config))
                .isATemplate(vm.isATemplate() || vm.isASnapshot())
                .snapshotMetadata("") // says what the record says, in the words of its writer
                .lastBootedRecord("")
                .suspendSr(Ref.none())
                .blobs(Map.of())
                .generationId(
                    restore ? vm.generationId() : VmRecords.generation(vm.generationId())));
    VmRecords.add(tx, ref, wanted, VmMetrics.builder().installTime(now).build());
    if (restore) {
      String uuid = UUID.fromString(arrived.uuid()).toString();
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.uuid(uuid)));
    }
    VmGuestMetrics guest =
        arrivals.bundle().of(ApiModel.VM_GUEST_METRICS).get(arrived.guestMetrics().text());
    if (guest != null) {
      Ref<VmGuestMetrics> metrics =
          tx.create(
              ApiModel.VM_GUEST_METRICS,
              guest.with(b -> b.uuid(UUID.randomUUID().toString()).live(false)));
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.guestMetrics(metrics)));
    }
  }

  private void suspend(String id) {
    Ref<Vdi> image = Ref.of(named(arrivals.suspended().getOrDefault(id, "")));
    ArrivedMemory.of(arrivals, id).machine().write(tx, Ref.of(named(id)), image);
  }

  private String fresh(String seed) {
    return seeds.computeIfAbsent(seed, _ -> UUID.randomUUID().toString());
  }

  /** A drive whose disk was passed over is left out; one for removable media is empty then. */
  private void drive(Vbd arrived) {
    Vbd vbd = References.replace(ApiModel.VBD, arrived, this::named);
    boolean empty = vbd.vdi().isNull();
    if (empty && vbd.type() == VbdType.DISK) {
      return;
    }
    VbdMode mode = vbd.type() == VbdType.CD ? VbdMode.RO : vbd.mode();
    Vbd wanted =
        vbd.with(b ->
            b.empty(empty)
                .mode(mode)
                .currentOperations(Map.of())
                .allowedOperations(ApiModel.VBD.blank().allowedOperations()));
    VbdRecords.create(tx, NewVbd.checked(tx, wanted));
  }

  /** A guest that goes on knows its address; others get new ones, unless they are restored. */
  private void card(Vif arrived) {
    Vif vif = References.replace(ApiModel.VIF, arrived, this::named);
    VifRecords.create(
        tx,
        vif.with(b ->
            b.mac(restore || suspended.contains(arrived.vm().text()) ? vif.mac() : "")
                .allowedOperations(ApiModel.VIF.blank().allowedOperations())));
  }

  private void tpm(String id, Vtpm arrived) {
    UUID uuid = Optional.ofNullable(tpms.get(id)).orElseThrow();
    Ref<Vtpm> _ =
        VtpmRecords.create(tx, References.replace(ApiModel.VTPM, arrived, this::named), uuid);
  }
}
