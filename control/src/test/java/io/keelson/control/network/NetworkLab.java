package io.keelson.control.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.NetworkLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.DirectCall;
import io.keelson.control.Resources;
import io.keelson.control.network.PifRecords.Standing;
import io.keelson.control.operation.Operations;
import io.keelson.control.task.TaskRows;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A store with one simulated host. */
final class NetworkLab implements AutoCloseable {
  final JournaledStore store;
  final Resources resources;
  final Simulation simulation = Simulation.open(SimulationPlan.of(1));
  final Drivers drivers;
  final UUID hostId;
  final Ref<Host> host;

  NetworkLab(Path folder) {
    drivers = simulation.drivers();
    List<Derivation> derivations = List.of(new NetworkAllowedOperations(), new BondLinks());
    store =
        JournaledStore.open(
            new StoreConfig(
                folder, (changed, state) -> derivations.forEach(d -> d.derive(changed, state))));
    TaskRows tasks = new TaskRows(Clock.systemUTC(), _ -> "");
    resources =
        new Resources(store, new Operations(store, tasks), tasks, drivers, Clock.systemUTC());
    hostId = UUID.randomUUID();
    host =
        store.transact(tx ->
            tx.create(
                ApiModel.HOST, HostFields.API_CLASS.blank().with(b -> b.uuid(hostId.toString()))));
  }

  /** Has the records say which interfaces the host has; eth0 is the one that it is managed by. */
  void findInterfaces() {
    store.change(tx ->
        drivers
            .network()
            .interfaces(hostId)
            .forEach(found ->
                PifRecords.refresh(
                    tx, host, found, new Standing(found.device().equals("eth0"), true, false))));
  }

  Ref<Pif> found(String device) {
    return PifRecords.find(store.snapshot(), host, device).orElseThrow();
  }

  void link(Ref<Pif> pif, boolean up) {
    store.overlay(overlay ->
        overlay.set(ApiModel.PIF_METRICS, pif(pif).metrics(), m -> m.with(b -> b.carrier(up))));
  }

  Pif pif(Ref<Pif> ref) {
    return store.snapshot().get(ApiModel.PIF, ref);
  }

  Ref<Network> network() {
    return network("");
  }

  Ref<Network> network(String bridge) {
    return new NetworkLifecycleHandler(resources)
        .create(call(), NetworkFields.API_CLASS.blank().with(b -> b.bridge(bridge)));
  }

  Set<String> bridges() {
    return drivers.network().bridges(hostId);
  }

  String bridge(Ref<Network> network) {
    return store.snapshot().get(ApiModel.NETWORK, network).bridge();
  }

  /** A running VM with a card that is plugged. */
  Ref<Vif> pluggedCard(Ref<Network> network) {
    return store.transact(tx -> {
      Ref<Vm> vm =
          tx.create(
              ApiModel.VM,
              VmFields.API_CLASS
                  .blank()
                  .with(b ->
                      b.uuid(UUID.randomUUID().toString())
                          .powerState(VmPowerState.RUNNING)
                          .residentOn(host)));
      Ref<Vif> vif =
          VifRecords.create(
              tx,
              VifFields.API_CLASS
                  .blank()
                  .with(b -> b.vm(vm).network(network).device("0").mac("").mtu(1500)));
      tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(true)));
      return vif;
    });
  }

  static Call call() {
    return DirectCall.of(NetworkLifecycle.Specs.CREATE);
  }

  static void refused(ThrowingCallable call, String... description) {
    ApiError error = catchThrowableOfType(ApiError.class, call);
    assertThat(error).as("a refusal").isNotNull();
    assertThat(error.description()).containsExactly(description);
  }

  @Override
  public void close() {
    store.close();
  }
}
