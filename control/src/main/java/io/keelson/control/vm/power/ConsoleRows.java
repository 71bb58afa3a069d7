package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Console;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.host.Consoles;
import io.keelson.store.Transaction;
import java.util.UUID;

/** The console objects of running VMs: a screen, and a serial line. */
final class ConsoleRows {
  private final ConsoleLocations locations;

  ConsoleRows(ConsoleLocations locations) {
    this.locations = locations;
  }

  /** Makes the objects of the consoles that there are, and keeps those that were there before. */
  void show(Transaction tx, Ref<Vm> vm, Ref<Host> host, Consoles consoles) {
    show(tx, vm, host, ConsoleProtocol.RFB, consoles.screen().isPresent());
    show(tx, vm, host, ConsoleProtocol.VT100, consoles.serial().isPresent());
  }

  void remove(Transaction tx, Ref<Vm> vm) {
    tx.get(ApiModel.VM, vm).consoles().forEach(console -> tx.delete(ApiModel.CONSOLE, console));
  }

  private void show(
      Transaction tx, Ref<Vm> vm, Ref<Host> host, ConsoleProtocol protocol, boolean there) {
    boolean shown =
        tx.get(ApiModel.VM, vm).consoles().stream()
            .anyMatch(c -> tx.get(ApiModel.CONSOLE, c).protocol() == protocol);
    if (there && !shown) {
      Ref<Console> ref = Ref.fresh();
      tx.create(
          ApiModel.CONSOLE,
          ref,
          Console.builder()
              .uuid(UUID.randomUUID().toString())
              .protocol(protocol)
              .location(locations.of(tx.get(ApiModel.HOST, host), ref))
              .vm(vm)
              .build());
    }
  }
}
