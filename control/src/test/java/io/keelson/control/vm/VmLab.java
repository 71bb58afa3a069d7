package io.keelson.control.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Arguments;
import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.Resources;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.network.NetworkMessages;
import io.keelson.control.operation.Operations;
import io.keelson.control.plugin.PluginMessages;
import io.keelson.control.protection.Protection;
import io.keelson.control.storage.StorageMessages;
import io.keelson.control.task.TaskRows;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.control.vm.power.VmPower;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.Drivers;
import io.keelson.host.Storage;
import io.keelson.store.JournaledStore;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real store with the records of a pool, real drivers, and the messages of VMs. */
public final class VmLab implements AutoCloseable {
  public static final long MIB = 1L << 20;
  public static final long HOST_MEMORY = 8192 * MIB;
  private final Path folder;
  private final Drivers drivers;
  private final Store store;
  private final Resources resources;
  private final VirtualMachines machines;
  private final Map<String, BoundMessage> messages;
  private List<Ref<Host>> hosts = List.of();
  private Ref<Sr> sr = Ref.none();
  private Ref<Network> network = Ref.none();

  private VmLab(Path folder, Drivers drivers, LifecycleSettings settings) {
    this.folder = folder;
    this.drivers = drivers;
    this.store =
        JournaledStore.open(new StoreConfig(folder.resolve("store"), VirtualMachines.derivation()));
    Clock clock = new RushingClock();
    TaskRows tasks = new TaskRows(clock, _ -> "");
    this.resources = new Resources(store, new Operations(store, tasks), tasks, drivers, clock);
    this.machines = new VirtualMachines(resources, settings, new ConsoleLocations(store));
    this.messages =
        Stream.of(
                machines.messages(),
                StorageMessages.all(resources),
                NetworkMessages.all(resources),
                PluginMessages.all(resources))
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableMap(m -> m.spec().wireName(), m -> m));
  }

  /** Opens a store with a pool of so many hosts, made if the folder has none. */
  public static VmLab open(Path folder, Drivers drivers, int hosts) {
    return open(folder, drivers, hosts, settings(Duration.ofSeconds(60)));
  }

  public static VmLab open(Path folder, Drivers drivers, int hosts, LifecycleSettings settings) {
    VmLab lab = new VmLab(folder, drivers, settings);
    boolean fresh = lab.store.snapshot().table(ApiModel.POOL).size() == 0;
    if (fresh) {
      lab.store.change(tx -> LabPool.found(tx, hosts, lab.driver().kind()));
    }
    lab.find();
    lab.attach(fresh);
    lab.machines.recover();
    return lab;
  }

  public static LifecycleSettings settings(Duration patience) {
    return new LifecycleSettings(
        List.of(Path.of("/boot")), patience, patience, Duration.ofSeconds(20));
  }

  private void find() {
    hosts =
        store
            .snapshot()
            .rows(ApiModel.HOST)
            .sorted(Comparator.comparing(r -> r.record().nameLabel()))
            .map(r -> r.ref())
            .toList();
    sr = store.snapshot().rows(ApiModel.SR).findFirst().orElseThrow().ref();
    network = store.snapshot().rows(ApiModel.NETWORK).findFirst().orElseThrow().ref();
    hosts.forEach(host -> memory(host, HOST_MEMORY));
  }

  private void attach(boolean fresh) {
    Map<String, String> config = Map.of("location", folder.resolve("disks").toString());
    if (fresh) {
      lucky(() -> driver().create(hostId(host()), repository(), config, 0));
    }
    hosts.forEach(host -> lucky(() -> driver().attach(hostId(host), repository(), config)));
  }

  /** Does what a simulation may let fail now and then. */
  private static void lucky(Runnable work) {
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        return;
      } catch (DriverException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  private Storage driver() {
    return Objects.requireNonNull(drivers.storages().get("file"));
  }

  public UUID repository() {
    return UUID.fromString(state().get(ApiModel.SR, sr).uuid());
  }

  /** Gives a host this much memory. */
  public void memory(Ref<Host> host, long bytes) {
    var metrics = state().get(ApiModel.HOST, host).metrics();
    store.overlay(state ->
        state.set(
            ApiModel.HOST_METRICS, metrics, m -> m.with(b -> b.memoryTotal(bytes).live(true))));
  }

  public Protection.Parts protectionParts() {
    return machines.protectionParts();
  }

  public VmPower power() {
    return machines.power();
  }

  public Compute compute() {
    return drivers.compute();
  }

  public Store store() {
    return store;
  }

  public Resources resources() {
    return resources;
  }

  public Snapshot state() {
    return store.snapshot();
  }

  public Ref<Host> host() {
    return hosts.getFirst();
  }

  public List<Ref<Host>> hosts() {
    return hosts;
  }

  public UUID hostId(Ref<Host> host) {
    return UUID.fromString(state().get(ApiModel.HOST, host).uuid());
  }

  public Ref<Sr> sr() {
    return sr;
  }

  public Vm vm(Ref<Vm> ref) {
    return state().get(ApiModel.VM, ref);
  }

  public UUID id(Ref<Vm> ref) {
    return UUID.fromString(vm(ref).uuid());
  }

  public VmPowerState power(Ref<Vm> ref) {
    return vm(ref).powerState();
  }

  /** That nothing of a run is left. */
  public void assertHalted(Ref<Vm> ref) {
    Vm vm = vm(ref);
    assertThat(vm.powerState()).isEqualTo(VmPowerState.HALTED);
    assertThat(vm.domid()).isEqualTo(-1);
    assertThat(vm.residentOn().isNull()).isTrue();
    assertThat(vm.currentOperations()).isEmpty();
    assertThat(vm.scheduledToBeResidentOn().isNull()).isTrue();
  }

  /** A halted VM of 64 MiB that boots from its disks. */
  public Ref<Vm> make(UnaryOperator<Vm.Builder> change) {
    return store.transact(tx ->
        tx.create(
            ApiModel.VM,
            change
                .apply(
                    Vm.builder()
                        .uuid(uuid())
                        .nameLabel("vm")
                        .hvmBootPolicy("BIOS order")
                        .memoryStaticMin(16 * MIB)
                        .memoryDynamicMin(64 * MIB)
                        .memoryDynamicMax(64 * MIB)
                        .memoryStaticMax(64 * MIB)
                        .vcpusMax(2L)
                        .vcpusAtStartup(1L)
                        .domid(-1L))
                .build()));
  }

  public Ref<Vm> make() {
    return make(b -> b);
  }

  /** Gives a VM a disk with a volume behind it. */
  public Ref<Vbd> disk(Ref<Vm> vm, int device, VbdMode mode) {
    return disk(vm, volume(), device, mode);
  }

  /** A disk of 8 MiB. */
  public Ref<Vdi> volume() {
    UUID id = UUID.randomUUID();
    lucky(() -> driver().createVolume(hostId(host()), repository(), id, 8 * MIB));
    return store.transact(tx ->
        tx.create(
            ApiModel.VDI,
            Vdi.builder()
                .uuid(id.toString())
                .sr(sr)
                .type(VdiType.USER)
                .managed(true)
                .virtualSize(8 * MIB)
                .build()));
  }

  /** The file that a disk's bytes are in. */
  public Path file(Ref<Vdi> vdi) {
    UUID id = UUID.fromString(state().get(ApiModel.VDI, vdi).uuid());
    return Path.of(driver().open(hostId(host()), repository(), id, false).location());
  }

  /** Gives a VM a drive with a disk that exists. */
  public Ref<Vbd> disk(Ref<Vm> vm, Ref<Vdi> vdi, int device, VbdMode mode) {
    return store.transact(tx ->
        tx.create(
            ApiModel.VBD,
            Vbd.builder()
                .uuid(uuid())
                .vm(vm)
                .vdi(vdi)
                .userdevice(Integer.toString(device))
                .type(VbdType.DISK)
                .mode(mode)
                .bootable(device == 0)
                .build()));
  }

  /** Gives a VM a network card. */
  public Ref<Vif> card(Ref<Vm> vm, int device) {
    return store.transact(tx ->
        tx.create(
            ApiModel.VIF,
            Vif.builder()
                .uuid(uuid())
                .vm(vm)
                .network(network)
                .device(Integer.toString(device))
                .mac("02:00:00:00:00:0" + device)
                .mtu(1500L)
                .build()));
  }

  public void set(Ref<Vm> vm, UnaryOperator<Vm.Builder> change) {
    store.change(tx ->
        tx.update(
            ApiModel.VM,
            vm,
            v ->
                v.with(b -> {
                  Vm.Builder _ = change.apply(b);
                })));
  }

  /** Calls a message, of VM where no other class is named. */
  public Reply call(String name, Object... arguments) {
    return begin(name).run(arguments);
  }

  /** A call that is not sent yet. */
  public Pending begin(String name) {
    String full = name.contains(".") ? name : "VM." + name;
    BoundMessage message = messages.get(full);
    if (message == null) {
      throw new IllegalArgumentException("no message " + full);
    }
    return new Pending(message, new LabCall(message.spec()));
  }

  /** A call with its task. */
  public record Pending(BoundMessage message, LabCall call) {
    public Reply run(Object... arguments) {
      List<Value> values = Arrays.stream(arguments).map(VmLab::value).toList();
      return message.binder().bind(new Arguments(values)).run(call);
    }
  }

  /** The error of a call that must fail. */
  public List<String> error(String name, Object... arguments) {
    try {
      call(name, arguments);
      return List.of();
    } catch (ApiError e) {
      return e.description();
    }
  }

  private static Value value(Object argument) {
    return switch (argument) {
      case Boolean flag -> new Value.Flag(flag);
      case Long number -> new Value.Whole(number);
      case Double number -> new Value.Real(number);
      case Ref<?> ref -> new Value.Text(ref.text());
      case Map<?, ?> map -> {
        Map<String, Value> members = new LinkedHashMap<>();
        map.forEach((k, v) -> members.put(String.valueOf(k), value(v)));
        yield new Value.Structure(members);
      }
      default -> new Value.Text(argument.toString());
    };
  }

  public static String uuid() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void close() {
    store.close();
  }
}
