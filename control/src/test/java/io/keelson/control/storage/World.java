package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.SmFields;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.DirectCall;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Operations;
import io.keelson.control.operation.Steps;
import io.keelson.control.task.TaskRows;
import io.keelson.host.Boot;
import io.keelson.host.DomainSpec;
import io.keelson.host.Drivers;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.store.JournaledStore;
import io.keelson.store.StoreConfig;
import io.keelson.store.Transaction;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A pool of one host over a real journal. */
final class World implements AutoCloseable {
  static final long MIB = 1L << 20;

  final JournaledStore store;
  final Resources resources;
  final StorageParts parts;
  final Ref<Host> host;
  private final Drivers drivers;

  World(Path folder, Drivers drivers) {
    this.drivers = drivers;
    store = JournaledStore.open(new StoreConfig(folder, new StorageAllowedOperations()));
    TaskRows tasks = new TaskRows(Clock.systemUTC(), _ -> "");
    resources =
        new Resources(store, new Operations(store, tasks), tasks, drivers, Clock.systemUTC());
    parts = StorageParts.of(resources);
    host = store.transact(this::populate);
  }

  private Ref<Host> populate(Transaction tx) {
    Ref<Host> made =
        tx.create(
            ApiModel.HOST,
            HostFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    tx.create(
        ApiModel.POOL,
        PoolFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString()).master(made)));
    for (Storage driver : drivers.storages().values()) {
      Map<String, Long> features = new HashMap<>();
      driver.kind().features().forEach((name, version) -> features.put(name, (long) version));
      tx.create(
          ApiModel.SM,
          SmFields.API_CLASS
              .blank()
              .with(b ->
                  b.uuid(UUID.randomUUID().toString())
                      .type(driver.kind().type())
                      .features(Map.copyOf(features))));
    }
    return made;
  }

  Ref<Sr> repository(String type, Map<String, String> config) {
    return new SrLifecycleHandler(parts)
        .create(call(), host, config, 0, type, "", type, "", false, Map.of());
  }

  Ref<Vdi> disk(Ref<Sr> sr, long size) {
    return new VdiProvisioningHandler(parts)
        .create(
            call(),
            VdiFields.API_CLASS.blank().with(b -> b.nameLabel("disk").sr(sr).virtualSize(size)));
  }

  Ref<Vm> vm() {
    return store.transact(tx ->
        tx.create(
            ApiModel.VM,
            VmFields.API_CLASS
                .blank()
                .with(b ->
                    b.uuid(UUID.randomUUID().toString())
                        .nameLabel("vm")
                        .powerState(VmPowerState.HALTED)
                        .memoryStaticMax(64 * MIB))));
  }

  Ref<Vbd> drive(Ref<Vm> vm, Ref<Vdi> vdi, String device, VbdMode mode) {
    return new VbdConfigurationHandler(store)
        .create(call(), blankDrive(vm).with(b -> b.vdi(vdi).userdevice(device).mode(mode)));
  }

  static Vbd blankDrive(Ref<Vm> vm) {
    return VbdFields.API_CLASS
        .blank()
        .with(b -> b.vm(vm).type(VbdType.DISK).mode(VbdMode.RW).userdevice("0"));
  }

  /** Starts the VM with its drives. */
  void start(Ref<Vm> vm) {
    resources.operations().run(call(), new Start(vm));
  }

  private final class Start implements Steps<VmDisks.Plan, VmDisks.Plan> {
    private final Ref<Vm> vm;
    private final VmDisks disks = new VmDisks(parts.drivers());

    Start(Ref<Vm> vm) {
      this.vm = vm;
    }

    @Override
    public VmDisks.Plan claim(Transaction tx, Claims claims) {
      return disks.claim(tx, claims, vm, host, VmDisks.Which.ALL);
    }

    @Override
    public VmDisks.Plan act(VmDisks.Plan plan, Progress progress) {
      Vm record = store.snapshot().get(ApiModel.VM, vm);
      drivers
          .compute()
          .start(
              UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid()),
              new DomainSpec(
                  UUID.fromString(record.uuid()),
                  "vm",
                  record.memoryStaticMax(),
                  record.memoryStaticMax(),
                  1,
                  1,
                  new Boot.Firmware(List.of(Boot.Device.DISK)),
                  disks.open(plan),
                  List.of(),
                  Map.of()),
              false);
      return plan;
    }

    @Override
    public void settle(Transaction tx, VmDisks.Plan plan, VmDisks.Plan done) {
      VmDisks.attached(tx, plan);
      tx.update(
          ApiModel.VM, vm, v -> v.with(b -> b.powerState(VmPowerState.RUNNING).residentOn(host)));
    }
  }

  /** Ends the VM. */
  void stop(Ref<Vm> vm) {
    Vm record = store.snapshot().get(ApiModel.VM, vm);
    drivers
        .compute()
        .destroy(
            UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid()),
            UUID.fromString(record.uuid()));
    store.change(tx -> {
      VmDisks.detached(tx, vm);
      tx.update(
          ApiModel.VM,
          vm,
          v -> v.with(b -> b.powerState(VmPowerState.HALTED).residentOn(Ref.none())));
    });
  }

  Vdi vdi(Ref<Vdi> ref) {
    return store.snapshot().get(ApiModel.VDI, ref);
  }

  Vbd vbd(Ref<Vbd> ref) {
    return store.snapshot().get(ApiModel.VBD, ref);
  }

  Sr sr(Ref<Sr> ref) {
    return store.snapshot().get(ApiModel.SR, ref);
  }

  static DirectCall call() {
    return DirectCall.of(VdiProvisioning.Specs.CREATE);
  }

  @Override
  public void close() {
    store.close();
    drivers.compute().close();
  }
}
