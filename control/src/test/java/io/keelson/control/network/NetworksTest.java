package io.keelson.control.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.messages.NetworkLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.control.operation.Operations;
import io.keelson.control.task.TaskRows;
import io.keelson.host.Boot;
import io.keelson.host.DomainSpec;
import io.keelson.host.Drivers;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.JournaledStore;
import io.keelson.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworksTest {
  private static final long MIB = 1L << 20;

  @TempDir Path folder;
  private JournaledStore store;
  private Resources resources;
  private Drivers drivers;
  private Ref<Host> host;
  private Ref<Vm> vm;

  private record DirectCall(Ref<Task> task) implements Call {
    @Override
    public MessageSpec message() {
      return NetworkLifecycle.Specs.CREATE;
    }

    @Override
    public Ref<Session> session() {
      return Ref.none();
    }

    @Override
    public String peer() {
      return "test";
    }

    @Override
    public void progress(double fraction) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }

  @BeforeEach
  void open() {
    drivers = Simulation.open(SimulationPlan.of(1)).drivers();
    store = JournaledStore.open(new StoreConfig(folder, new NetworkAllowedOperations()));
    TaskRows tasks = new TaskRows(Clock.systemUTC(), _ -> "");
    resources =
        new Resources(store, new Operations(store, tasks), tasks, drivers, Clock.systemUTC());
    host =
        store.transact(tx ->
            tx.create(
                ApiModel.HOST,
                HostFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString()))));
    vm =
        store.transact(tx ->
            tx.create(
                ApiModel.VM,
                VmFields.API_CLASS
                    .blank()
                    .with(b ->
                        b.uuid(UUID.randomUUID().toString())
                            .powerState(VmPowerState.HALTED)
                            .otherConfig(Map.of("mac_seed", "a seed")))));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Call call() {
    return new DirectCall(Ref.fresh());
  }

  private static void refused(ThrowingCallable call, String... description) {
    ApiError error = catchThrowableOfType(ApiError.class, call);
    assertThat(error).as("a refusal").isNotNull();
    assertThat(error.description()).containsExactly(description);
  }

  private Ref<Network> network(String bridge) {
    return new NetworkLifecycleHandler(resources)
        .create(call(), NetworkFields.API_CLASS.blank().with(b -> b.bridge(bridge)));
  }

  private Ref<Vif> card(Ref<Network> network, String device, String mac) {
    return new VifConfigurationHandler(store)
        .create(
            call(),
            VifFields.API_CLASS
                .blank()
                .with(b -> b.vm(vm).network(network).device(device).mac(mac).mtu(1500)));
  }

  private Vif vif(Ref<Vif> ref) {
    return store.snapshot().get(ApiModel.VIF, ref);
  }

  private void start() {
    drivers
        .compute()
        .start(
            UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid()),
            new DomainSpec(
                UUID.fromString(store.snapshot().get(ApiModel.VM, vm).uuid()),
                "vm",
                64 * MIB,
                64 * MIB,
                1,
                1,
                new Boot.Firmware(List.of(Boot.Device.DISK)),
                List.of(),
                List.of(),
                Map.of()),
            false);
    store.change(tx ->
        tx.update(
            ApiModel.VM,
            vm,
            v -> v.with(b -> b.powerState(VmPowerState.RUNNING).residentOn(host))));
  }

  @Test
  void aNetworkWithoutABridgeGetsOne() {
    Ref<Network> first = network("");
    Ref<Network> second = network("");
    var state = store.snapshot();
    assertThat(state.get(ApiModel.NETWORK, first).bridge()).isEqualTo("xapi0");
    assertThat(state.get(ApiModel.NETWORK, second).bridge()).isEqualTo("xapi1");
    assertThat(state.get(ApiModel.NETWORK, second).mtu()).isEqualTo(1500);
    refused(() -> network("no bridge/at all"), "INVALID_VALUE", "bridge", "no bridge/at all");
  }

  @Test
  void aDeviceHasOneCardAndAnAddressThatFollowsFromTheSeed() {
    Ref<Network> network = network("");
    Ref<Vif> card = card(network, "0", "");
    assertThat(vif(card).mac()).isEqualTo(Macs.generated("a seed", 0));
    assertThat(vif(card).macAutogenerated()).isTrue();
    refused(() -> card(network, "0", ""), "DEVICE_ALREADY_EXISTS", "0");
    refused(() -> card(network, "x", ""), "INVALID_DEVICE", "x");
    refused(() -> card(network, "1", "nonsense"), "MAC_INVALID", "nonsense");
    assertThat(vif(card(network, "autodetect", "02:00:00:00:00:01")).device()).isEqualTo("1");
    assertThat(VifRecords.free(store.snapshot(), vm)).startsWith("2").hasSize(14);
  }

  @Test
  void onlyARunningVmIsGivenACard() {
    Ref<Network> network = network("");
    Ref<Vif> card = card(network, "0", "");
    VifPluggingHandler plugging = new VifPluggingHandler(resources);
    refused(
        () -> plugging.plug(call(), card), "VM_BAD_POWER_STATE", vm.text(), "running", "halted");
    start();
    assertThat(vif(card).allowedOperations()).containsExactly(VifOperations.PLUG);
    plugging.plug(call(), card);
    assertThat(vif(card).allowedOperations()).containsExactly(VifOperations.UNPLUG);
    refused(() -> plugging.plug(call(), card), "DEVICE_ALREADY_ATTACHED", card.text());
    NetworkLifecycleHandler networks = new NetworkLifecycleHandler(resources);
    refused(() -> networks.destroy(call(), network), "NETWORK_CONTAINS_VIF", card.text());
    plugging.unplug(call(), card);
    refused(() -> plugging.unplug(call(), card), "DEVICE_ALREADY_DETACHED", card.text());
    networks.destroy(call(), network);
    assertThat(store.snapshot().table(ApiModel.VIF).size()).isZero();
    assertThat(store.snapshot().table(ApiModel.VIF_METRICS).size()).isZero();
  }

  @Test
  void aNetworkWithAnInterfaceStaysAndOneThatIsUnpluggedIsNotReached() {
    new PifRegistrationHandler(resources).scan(call(), host);
    new PifRegistrationHandler(resources).scan(call(), host);
    Ref<Pif> pif = store.snapshot().get(ApiModel.HOST, host).pifs().iterator().next();
    assertThat(store.snapshot().table(ApiModel.PIF).size()).isEqualTo(2);
    new PifPluggingHandler(resources).plug(call(), pif);
    Ref<Network> network = store.snapshot().get(ApiModel.PIF, pif).network();
    refused(
        () -> new NetworkLifecycleHandler(resources).destroy(call(), network),
        "NETWORK_CONTAINS_PIF",
        pif.text());
    card(network, "0", "");
    VmNics.checkHost(store.snapshot(), vm, host);
    new PifPluggingHandler(resources).unplug(call(), pif);
    refused(
        () -> VmNics.checkHost(store.snapshot(), vm, host),
        "VM_REQUIRES_NETWORK",
        vm.text(),
        network.text());
  }

  @Test
  void theInternalNetworkIsNotDestroyed() {
    Ref<Network> internal =
        new NetworkLifecycleHandler(resources)
            .create(
                call(),
                NetworkFields.API_CLASS
                    .blank()
                    .with(
                        b -> b.otherConfig(Map.of("is_host_internal_management_network", "true"))));
    refused(
        () -> new NetworkLifecycleHandler(resources).destroy(call(), internal),
        "CANNOT_DESTROY_SYSTEM_NETWORK",
        internal.text());
  }
}
