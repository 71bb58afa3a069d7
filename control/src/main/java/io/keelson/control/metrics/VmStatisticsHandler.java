package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmStatistics;
import io.keelson.api.model.DataSource;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Store;
import java.util.Set;
import java.util.UUID;

/** What is measured of a VM, and what of it is recorded. */
final class VmStatisticsHandler implements VmStatistics {
  private final Store store;
  private final DataSources sources;

  VmStatisticsHandler(Store store, DataSources sources) {
    this.store = store;
    this.sources = sources;
  }

  /** Nothing can be measured of a VM without a domain. */
  @Override
  public Set<DataSource> getDataSources(Call call, Ref<Vm> self) {
    return sources.all(owner(self));
  }

  @Override
  public double queryDataSource(Call call, Ref<Vm> self, String dataSource) {
    return sources.value(permitted(self), dataSource);
  }

  @Override
  public void recordDataSource(Call call, Ref<Vm> self, String dataSource) {
    sources.record(permitted(self), dataSource);
  }

  @Override
  public void forgetDataSourceArchives(Call call, Ref<Vm> self, String dataSource) {
    sources.forget(permitted(self), dataSource);
  }

  /** Only a VM that runs is measured. */
  private Owner permitted(Ref<Vm> self) {
    VmRules.check(store.snapshot(), self, VmOperations.DATA_SOURCE_OP);
    return owner(self);
  }

  private Owner owner(Ref<Vm> self) {
    Vm vm = store.snapshot().get(ApiModel.VM, self);
    Owner owner = new Owner(Owner.Kind.VM, UUID.fromString(vm.uuid()));
    if (vm.powerState() == VmPowerState.RUNNING) {
      sources.measureNew(owner);
    }
    return owner;
  }
}
