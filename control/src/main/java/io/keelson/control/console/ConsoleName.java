package io.keelson.control.console;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Console;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.Optional;

/**
 * A console that a request names, by its own reference or uuid, or by those of a VM, whose screen
 * is then meant.
 *
 * @param vm whose console it is
 */
record ConsoleName(Vm vm, ConsoleProtocol protocol) {

  static Optional<ConsoleName> byRef(Snapshot state, String ref) {
    return state
        .find(ApiModel.CONSOLE, Ref.of(ref))
        .flatMap(console -> of(state, console))
        .or(() -> state.find(ApiModel.VM, Ref.of(ref)).map(ConsoleName::screen));
  }

  static Optional<ConsoleName> byUuid(Snapshot state, String uuid) {
    Optional<Ref<Console>> console = state.table(ApiModel.CONSOLE).byUuid(uuid);
    return console
        .map(ref -> state.get(ApiModel.CONSOLE, ref))
        .flatMap(record -> of(state, record))
        .or(() ->
            state.table(ApiModel.VM).byUuid(uuid).map(vm -> screen(state.get(ApiModel.VM, vm))));
  }

  private static Optional<ConsoleName> of(Snapshot state, Console console) {
    return state.find(ApiModel.VM, console.vm()).map(vm -> new ConsoleName(vm, console.protocol()));
  }

  private static ConsoleName screen(Vm vm) {
    return new ConsoleName(vm, ConsoleProtocol.RFB);
  }
}
