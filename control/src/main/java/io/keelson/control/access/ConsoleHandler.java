package io.keelson.control.access;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.ConsoleLifecycle;
import io.keelson.api.model.Console;
import io.keelson.api.model.Vm;
import io.keelson.store.Store;

/** Consoles come and go with their VMs; only one that was left behind can be destroyed. */
final class ConsoleHandler implements ConsoleLifecycle {
  private final Store store;

  ConsoleHandler(Store store) {
    this.store = store;
  }

  @Override
  public Ref<Console> create(Call call, Console args) {
    throw ApiErrors.operationNotAllowed("A console is made when its VM starts");
  }

  @Override
  public void destroy(Call call, Ref<Console> self) {
    store.change(tx -> {
      Ref<Vm> vm = tx.get(ApiModel.CONSOLE, self).vm();
      boolean used =
          tx.find(ApiModel.VM, vm)
              .map(v ->
                  switch (v.powerState()) {
                    case RUNNING, PAUSED -> true;
                    case HALTED, SUSPENDED -> false;
                  })
              .orElse(false);
      if (used) {
        throw ApiErrors.operationNotAllowed("The console belongs to a VM that is up");
      }
      tx.delete(ApiModel.CONSOLE, self);
    });
  }
}
