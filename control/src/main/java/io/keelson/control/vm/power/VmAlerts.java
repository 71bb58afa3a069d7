package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Message;
import io.keelson.api.model.Vm;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.store.Transaction;

/** Tells of what becomes of VMs, in the words that XenAPI's clients know. */
public record VmAlerts(Alerts alerts) {

  void started(Transaction tx, Ref<Vm> vm, Ref<Host> host) {
    raise(tx, vm, Alert.VM_STARTED, " started" + on(tx, host));
  }

  void resumed(Transaction tx, Ref<Vm> vm, Ref<Host> host) {
    raise(tx, vm, Alert.VM_RESUMED, " resumed" + on(tx, host));
  }

  void suspended(Transaction tx, Ref<Vm> vm) {
    raise(tx, vm, Alert.VM_SUSPENDED, " suspended");
  }

  /** That its guest ended the run, asked or not. */
  void shutDown(Transaction tx, Ref<Vm> vm) {
    raise(tx, vm, Alert.VM_SHUTDOWN, " shutdown");
  }

  /** That its power was cut. */
  void cut(Transaction tx, Ref<Vm> vm) {
    raise(tx, vm, Alert.VM_SHUTDOWN, " shutdown forcibly");
  }

  void rebooted(Transaction tx, Ref<Vm> vm, RebootSteps.Way way) {
    raise(
        tx,
        vm,
        Alert.VM_REBOOTED,
        switch (way) {
          case ASK -> " rebooted cleanly";
          case CUT -> " rebooted forcibly";
          case FOLLOW -> " rebooted";
        });
  }

  void crashed(Transaction tx, Ref<Vm> vm) {
    raise(tx, vm, Alert.VM_CRASHED, " crashed");
  }

  /** That it was copied, sharing blocks or not. */
  public void cloned(Transaction tx, Ref<Vm> vm, Ref<Vm> copy) {
    String uuid = tx.get(ApiModel.VM, copy).uuid();
    raise(tx, vm, Alert.VM_CLONED, " cloned (new uuid: " + uuid + ")");
  }

  private void raise(Transaction tx, Ref<Vm> ref, Alert alert, String what) {
    Vm vm = tx.get(ApiModel.VM, ref);
    Ref<Message> _ =
        alerts.raise(tx, alert, Cls.VM, vm.uuid(), "VM '" + vm.nameLabel() + "'" + what);
  }

  private static String on(Transaction tx, Ref<Host> ref) {
    Host host = tx.get(ApiModel.HOST, ref);
    return " on host: %s (uuid: %s)".formatted(host.nameLabel(), host.uuid());
  }
}
