package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.VmMigration;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Operations;
import io.keelson.control.storage.DiskMoves;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.store.Snapshot;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** VM.pool_migrate, migrate_send and assert_can_migrate. */
final class VmMigrationHandler implements VmMigration {
  private static final Type<Ref<Vm>> VM = new Type.Reference<>("VM");

  private final PowerParts parts;
  private final Operations operations;
  private final DiskMoves moves;

  VmMigrationHandler(PowerParts parts, Operations operations, DiskMoves moves) {
    this.parts = parts;
    this.operations = operations;
    this.moves = moves;
  }

  /** Of the options, force counts. */
  @Override
  public void poolMigrate(Call call, Ref<Vm> vm, Ref<Host> host, Map<String, String> options) {
    Wish wish = Departure.wish(options);
    run(vm, watch -> operations.run(call, new PoolMigrateSteps(parts, vm, host, wish, watch)));
  }

  @Override
  public Ref<Vm> migrateSend(
      Call call,
      Ref<Vm> vm,
      Map<String, String> dest,
      boolean live,
      Map<Ref<Vdi>, Ref<Sr>> vdiMap,
      Map<Ref<Vif>, Ref<Network>> vifMap,
      Map<String, String> options) {
    Departure departure =
        Departure.of(parts.store().snapshot(), vm, dest, live, vdiMap, vifMap, options);
    run(
        vm,
        watch ->
            operations.run(
                call, VM, new MigrateSendSteps(parts, moves, call, departure, watch), _ -> vm));
    return vm;
  }

  @Override
  public void assertCanMigrate(
      Call call,
      Ref<Vm> vm,
      Map<String, String> dest,
      boolean live,
      Map<Ref<Vdi>, Ref<Sr>> vdiMap,
      Map<Ref<Vif>, Ref<Network>> vifMap,
      Map<String, String> options) {
    Snapshot state = parts.store().snapshot();
    MigrationRules.check(state, vm, Departure.of(state, vm, dest, live, vdiMap, vifMap, options));
  }

  /** What the VM's domain does meanwhile is reacted to afterwards. */
  private void run(Ref<Vm> vm, Consumer<Watch> operation) {
    Vm before = parts.store().snapshot().get(ApiModel.VM, vm);
    try (Watch watch = parts.events().watch(UUID.fromString(before.uuid()))) {
      operation.accept(watch);
    } catch (ApiError failure) {
      parts.balancer().balance();
      throw failure;
    }
    parts.balancer().balance();
  }
}
