package io.keelson.control.exchange;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.exchange.ImportOptions.InArchive;
import io.keelson.control.exchange.ImportOptions.InPool;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.FilledVdis;
import io.keelson.control.storage.FilledVdis.Planned;
import io.keelson.control.storage.MadeVdi;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Brings in what an archive holds. Nothing of it is visible before all of it is there; what a
 * failure or a crash leaves are volumes that nobody knows, and they are destroyed.
 */
record ImportSteps(ArrivingData data, Arrivals arrivals, ImportOptions options, Instant now)
    implements Steps<ImportSteps.Plan, ImportSteps.Outcome> {
  /**
   * What is brought in.
   *
   * @param vms what they will be called, by their ids
   * @param making the disks with data in the archive, by their ids, in the archive's order
   * @param tpms what their virtual TPMs will be called, by their ids
   * @param replaced VMs that go, by the ids of those that take their place
   */
  record Plan(
      Map<String, Ref<Vm>> vms,
      Map<String, Planned> making,
      Map<String, UUID> tpms,
      Map<String, Ref<Vm>> replaced) {}

  /**
   * What was made.
   *
   * @param disks by their ids
   * @param vms that will be there, without their snapshots
   */
  record Outcome(Map<String, MadeVdi> disks, Set<Ref<Vm>> vms) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    ImportMatch match = new ImportMatch(tx, arrivals, options);
    match.checkProcessors();
    Map<String, Ref<Vm>> replaced = match.replaced();
    replaced
        .values()
        .forEach(
            vm -> claims.add(ApiModel.VM, vm, VmFields.CURRENT_OPERATIONS, VmOperations.DESTROY));
    return new Plan(names(), making(tx, claims, match, replaced), newTpms(), replaced);
  }

  private Map<String, Planned> making(
      Transaction tx, Claims claims, ImportMatch match, Map<String, Ref<Vm>> replaced) {
    Map<String, Planned> making = new LinkedHashMap<>();
    switch (options.disks()) {
      case InArchive in -> {
        match.checkMemory(replaced);
        Ref<Sr> sr = match.repository(in);
        List<Vdi> wanted = new ArrayList<>();
        Map<String, ArrivedMemory> memory = memory();
        arrivals
            .disks()
            .forEach((id, vdi) ->
                wanted.add(
                    memory.containsKey(id)
                        ? memory.get(id).disk(vdi, sr)
                        : vdi.with(b -> b.sr(sr))));
        Iterator<Planned> planned = FilledVdis.claim(tx, claims, wanted).iterator();
        arrivals.disks().keySet().forEach(id -> making.put(id, planned.next()));
      }
      case InPool _ -> {}
    }
    return making;
  }

  /** The suspended VMs, by the ids of their images. */
  private Map<String, ArrivedMemory> memory() {
    Map<String, ArrivedMemory> memory = new LinkedHashMap<>();
    arrivals.suspended().forEach((vm, image) -> memory.put(image, ArrivedMemory.of(arrivals, vm)));
    return memory;
  }

  /** The VMs that are to go on where they were; without their memory none can. */
  private Set<String> suspended() {
    return switch (options.disks()) {
      case InArchive _ -> arrivals.suspended().keySet();
      case InPool _ -> Set.of();
    };
  }

  private Map<String, Ref<Vm>> names() {
    Map<String, Ref<Vm>> names = new LinkedHashMap<>();
    arrivals.vms().keySet().forEach(id -> names.put(id, Ref.fresh()));
    return names;
  }

  private Map<String, UUID> newTpms() {
    Map<String, UUID> names = new LinkedHashMap<>();
    arrivals.vtpms().keySet().forEach(id -> names.put(id, UUID.randomUUID()));
    return names;
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    Set<Ref<Vm>> vms = originals(plan);
    return new Outcome(data.make(plan.making(), plan.tpms(), memory(), progress), vms);
  }

  private Set<Ref<Vm>> originals(Plan plan) {
    Map<String, Vm> all = arrivals.vms();
    return plan.vms().entrySet().stream()
        .filter(made ->
            Optional.ofNullable(all.get(made.getKey()))
                .filter(vm -> !vm.isASnapshot() || !all.containsKey(vm.snapshotOf().text()))
                .isPresent())
        .map(Map.Entry::getValue)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    ImportMatch match = new ImportMatch(tx, arrivals, options);
    Map<String, MadeVdi> made = outcome.disks();
    Set<String> suspended =
        arrivals.suspended().entrySet().stream()
            .filter(vm -> made.containsKey(vm.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    ImportRecords records =
        new ImportRecords(tx, arrivals, options.restore(), now, plan.tpms(), suspended);
    switch (options.disks()) {
      case InArchive _ -> {
        Map<String, Planned> there = new LinkedHashMap<>(plan.making());
        there.keySet().retainAll(made.keySet());
        there.forEach((id, disk) -> records.name(id, disk.vdi()));
        there.forEach((id, disk) -> {
          Planned known = disk.as(records.disk(disk.record(), disk.at().ref()));
          FilledVdis.settle(tx, known, Optional.ofNullable(made.get(id)).orElseThrow());
        });
      }
      case InPool in -> match.disks(in).forEach(records::name);
    }
    match.media().forEach(records::name);
    records.write(match, plan.vms(), plan.replaced());
  }

  /** Disks and TPMs that were written down in vain. */
  @Override
  public void revert(Plan plan, Outcome outcome) {
    data.takeBack(List.copyOf(plan.making().values()), plan.tpms());
  }

  /**
   * Writes all down as {@link #settle} will, with disks that are not there, so that whatever is
   * wrong with the records is found before any data is moved. The transaction must not be kept.
   */
  void rehearse(Transaction tx) {
    ImportMatch match = new ImportMatch(tx, arrivals, options);
    match.checkProcessors();
    Map<String, Ref<Vm>> replaced = match.replaced();
    ImportRecords records =
        new ImportRecords(tx, arrivals, options.restore(), now, newTpms(), suspended());
    switch (options.disks()) {
      case InArchive in -> {
        match.checkMemory(replaced);
        Ref<Sr> sr = match.repository(in);
        arrivals
            .disks()
            .forEach((id, vdi) -> records.name(id, tx.create(ApiModel.VDI, records.disk(vdi, sr))));
      }
      case InPool in -> match.disks(in).forEach(records::name);
    }
    match.media().forEach(records::name);
    records.write(match, names(), replaced);
  }
}
