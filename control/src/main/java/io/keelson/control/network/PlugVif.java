package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.host.Drivers;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Gives a running VM a network card. */
record PlugVif(Drivers drivers, Ref<Vif> vif) implements Steps<PlugVif.Plan, NicSpec> {

  /** What is to be plugged. */
  record Plan(UUID host, UUID vm, VmNics.Nic nic) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VifRules.check(tx, vif, VifOperations.PLUG);
    Vif record = tx.get(ApiModel.VIF, vif);
    Vm vm = tx.get(ApiModel.VM, record.vm());
    Ref<Host> host = vm.residentOn();
    VmNics.checkNetwork(tx, record.vm(), record.network(), host);
    claims.add(ApiModel.VIF, vif, VifFields.CURRENT_OPERATIONS, VifOperations.PLUG);
    InternalNetwork.assign(tx, vif);
    return new Plan(
        HostId.of(tx, host), UUID.fromString(vm.uuid()), VmNics.nic(tx, vif, record, host));
  }

  @Override
  public NicSpec act(Plan plan, Progress progress) {
    NicSpec spec = new VmNics(drivers.network()).connect(plan.host(), plan.vm(), plan.nic());
    try {
      drivers.compute().plugNic(plan.host(), plan.vm(), spec);
      return spec;
    } catch (RuntimeException failure) {
      drivers.network().detach(plan.host(), plan.vm(), plan.nic().device());
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, NicSpec spec) {
    tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(true)));
  }
}
