package io.keelson.control.host;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.api.model.HostCpu;
import io.keelson.api.model.HostCrashdump;
import io.keelson.api.model.HostPatch;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Session;
import io.keelson.api.model.Vm;
import io.keelson.control.gpu.GpuGroups;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.function.Predicate;

/** Deletes a host's record and all that says what the host has. */
public final class HostRemoval {
  private HostRemoval() {}

  /**
   * @throws io.keelson.api.ApiError OTHER_OPERATION_IN_PROGRESS
   */
  public static void checkIdle(Ref<Host> ref, Host host) {
    Refusals.raise(
        Refusals.busy("host", ref, host.currentOperations(), HostAllowedOperations::text));
  }

  /**
   * @throws io.keelson.api.ApiError HOST_HAS_RESIDENT_VMS, also for a VM that is on its way there
   */
  public static void checkEmpty(Snapshot state, Ref<Host> host) {
    boolean awaited =
        state
            .rows(ApiModel.VM)
            .anyMatch(row -> row.record().scheduledToBeResidentOn().equals(host));
    if (awaited || !EvacuationPlan.residents(state, host).isEmpty()) {
      throw ApiErrors.hostHasResidentVms(host.text());
    }
  }

  public static void remove(Transaction tx, Ref<Host> host) {
    Host record = tx.get(ApiModel.HOST, host);
    delete(tx, ApiModel.PBD, (Pbd pbd) -> pbd.host().equals(host));
    removeInterfaces(tx, host);
    delete(tx, ApiModel.HOST_CPU, (HostCpu cpu) -> cpu.host().equals(host));
    delete(tx, ApiModel.HOST_PATCH, (HostPatch patch) -> patch.host().equals(host));
    delete(tx, ApiModel.HOST_CRASHDUMP, (HostCrashdump dump) -> dump.host().equals(host));
    delete(tx, ApiModel.PGPU, (Pgpu gpu) -> gpu.host().equals(host));
    delete(tx, ApiModel.PCI, (Pci device) -> device.host().equals(host));
    GpuGroups.refreshAll(tx);
    controlDomains(tx, host).forEach(domain -> removeDomain(tx, domain));
    rows(tx, ApiModel.VM, (Vm vm) -> vm.affinity().equals(host))
        .forEach(vm -> tx.update(ApiModel.VM, vm.ref(), v -> v.with(b -> b.affinity(Ref.none()))));
    // Sessions with a host that was the coordinator go on with the one that is.
    Ref<Host> master = OnlyPool.master(tx);
    rows(tx, ApiModel.SESSION, (Session session) -> session.thisHost().equals(host))
        .forEach(session ->
            tx.update(ApiModel.SESSION, session.ref(), s -> s.with(b -> b.thisHost(master))));
    if (tx.find(ApiModel.HOST_METRICS, record.metrics()).isPresent()) {
      tx.delete(ApiModel.HOST_METRICS, record.metrics());
    }
    tx.delete(ApiModel.HOST, host);
  }

  private static List<Row<Vm>> controlDomains(Transaction tx, Ref<Host> host) {
    return rows(tx, ApiModel.VM, (Vm vm) -> vm.isControlDomain() && vm.residentOn().equals(host));
  }

  private static void removeDomain(Transaction tx, Row<Vm> domain) {
    domain.record().consoles().forEach(console -> tx.delete(ApiModel.CONSOLE, console));
    domain.record().vbds().forEach(vbd -> tx.delete(ApiModel.VBD, vbd));
    domain.record().vifs().forEach(vif -> tx.delete(ApiModel.VIF, vif));
    if (tx.find(ApiModel.VM_METRICS, domain.record().metrics()).isPresent()) {
      tx.delete(ApiModel.VM_METRICS, domain.record().metrics());
    }
    tx.delete(ApiModel.VM, domain.ref());
  }

  /** What is made of interfaces goes before they do. */
  private static void removeInterfaces(Transaction tx, Ref<Host> host) {
    for (Row<Pif> pif : rows(tx, ApiModel.PIF, (Pif p) -> p.host().equals(host))) {
      Pif record = pif.record();
      record.vlanSlaveOf().forEach(vlan -> tx.delete(ApiModel.VLAN, vlan));
      record.tunnelTransportPifOf().forEach(tunnel -> tx.delete(ApiModel.TUNNEL, tunnel));
      record.bondMasterOf().forEach(bond -> tx.delete(ApiModel.BOND, bond));
      if (tx.find(ApiModel.PIF_METRICS, record.metrics()).isPresent()) {
        tx.delete(ApiModel.PIF_METRICS, record.metrics());
      }
      tx.delete(ApiModel.PIF, pif.ref());
    }
  }

  private static <R extends ApiRecord> void delete(
      Transaction tx, ApiClass<R> apiClass, Predicate<R> which) {
    rows(tx, apiClass, which).forEach(row -> tx.delete(apiClass, row.ref()));
  }

  private static <R extends ApiRecord> List<Row<R>> rows(
      Transaction tx, ApiClass<R> apiClass, Predicate<R> which) {
    return tx.rows(apiClass).filter(row -> which.test(row.record())).toList();
  }
}
