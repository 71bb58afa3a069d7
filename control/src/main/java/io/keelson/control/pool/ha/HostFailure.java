package io.keelson.control.pool.ha;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.vm.power.PowerStates;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes down that a host has died: its VMs have ended with it, and another host takes its role if
 * it was the coordinator.
 */
record HostFailure(Store store, PowerStates states, Alerts alerts) {

  /**
   * A host that was emptied and turned off is nothing to tell of.
   *
   * @param lives whether another host is alive, as far as its lease says
   */
  void happened(Ref<Host> dead, Predicate<Ref<Host>> lives) {
    store.overlay(overlay ->
        overlay
            .find(ApiModel.HOST, dead)
            .ifPresent(host ->
                overlay.set(
                    ApiModel.HOST_METRICS, host.metrics(), m -> m.with(b -> b.live(false)))));
    store.change(tx -> {
      if (tx.find(ApiModel.HOST, dead).isPresent()) {
        write(tx, dead, lives);
      }
    });
  }

  private void write(Transaction tx, Ref<Host> dead, Predicate<Ref<Host>> lives) {
    Host host = tx.get(ApiModel.HOST, dead);
    List<Ref<Vm>> lost =
        tx.rows(ApiModel.VM)
            .filter(row -> !row.record().isControlDomain())
            .filter(row -> row.record().residentOn().equals(dead))
            .<Ref<Vm>>map(Row::ref)
            .toList();
    lost.forEach(vm -> states.reset(tx, vm));
    succeed(tx, dead, lives);
    if (host.enabled() || !lost.isEmpty()) {
      Ref<Message> _ =
          alerts.raise(
              tx,
              Alert.HA_HOST_FAILED,
              Cls.HOST,
              host.uuid(),
              "Host '%s' has failed, and with it %d VMs".formatted(host.nameLabel(), lost.size()));
    }
  }

  private static void succeed(Transaction tx, Ref<Host> dead, Predicate<Ref<Host>> lives) {
    Row<Pool> pool = OnlyPool.row(tx);
    if (pool.record().master().equals(dead)) {
      tx.rows(ApiModel.HOST)
          .filter(row -> lives.test(row.ref()) && row.record().enabled())
          .min(Comparator.comparing(row -> row.record().uuid()))
          .ifPresent(
              next -> tx.update(ApiModel.POOL, pool.ref(), p -> p.with(b -> b.master(next.ref()))));
    }
  }
}
