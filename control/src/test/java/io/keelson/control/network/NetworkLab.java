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
import io.keelson.control.DirectCall;
import io.keelson.control.Resources;
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
