package io.keelson.control.console;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.model.Console;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.host.Compute;
import io.keelson.host.Consoles;
import io.keelson.host.Domain;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Finds where on its host a console that a client names can be reached. */
public final class ConsoleAccess {
  private final Store store;
  private final Compute compute;

  public ConsoleAccess(Store store, Compute compute) {
    this.store = store;
    this.compute = compute;
  }

  /** What comes of looking for a console. */
  public sealed interface Answer {
    /**
     * It can be reached.
     *
     * @param vm whose console it is
     * @param domid of the run that it belongs to
     * @param socket unix socket on the host
     */
    record Open(UUID vm, long domid, ConsoleProtocol protocol, Path socket) implements Answer {}

    /** No console and no VM goes by that name, or the VM has no screen. */
    record Unknown() implements Answer {}

    /** The VM does not run, or its host does not know the console. */
    record NotRunning() implements Answer {}
  }

  /** By the reference of a console, or of a VM, whose screen is meant. */
  public Answer byRef(String ref) {
    Snapshot state = store.snapshot();
    Optional<Ref<Console>> console =
        present(state, ApiModel.CONSOLE, Ref.of(ref))
            .or(() ->
                present(state, ApiModel.VM, Ref.<Vm>of(ref)).flatMap(vm -> screen(state, vm)));
    return console.map(c -> open(state, c)).orElseGet(Answer.Unknown::new);
  }

  /** By the uuid of a console, or of a VM, whose screen is meant. */
  public Answer byUuid(String uuid) {
    Snapshot state = store.snapshot();
    Optional<Ref<Console>> console =
        state
            .table(ApiModel.CONSOLE)
            .byUuid(uuid)
            .or(() -> state.table(ApiModel.VM).byUuid(uuid).flatMap(vm -> screen(state, vm)));
    return console.map(c -> open(state, c)).orElseGet(Answer.Unknown::new);
  }

  private Answer open(Snapshot state, Ref<Console> ref) {
    Console console = state.get(ApiModel.CONSOLE, ref);
    Optional<Vm> vm = state.find(ApiModel.VM, console.vm());
    if (vm.isEmpty()) {
      return new Answer.Unknown();
    }
    return domain(state, vm.get())
        .<Answer>flatMap(d ->
            socket(console.protocol(), d.consoles())
                .map(path -> new Answer.Open(d.vm(), d.domid(), console.protocol(), path)))
        .orElseGet(Answer.NotRunning::new);
  }

  private Optional<Domain> domain(Snapshot state, Vm vm) {
    Optional<Host> host = state.find(ApiModel.HOST, vm.residentOn());
    return host.flatMap(h -> compute.find(UUID.fromString(h.uuid()), UUID.fromString(vm.uuid())));
  }

  private static Optional<Path> socket(ConsoleProtocol protocol, Consoles consoles) {
    return switch (protocol) {
      case RFB -> consoles.screen();
      case VT100 -> consoles.serial();
      case RDP -> Optional.empty();
    };
  }

  private static Optional<Ref<Console>> screen(Snapshot state, Ref<Vm> vm) {
    return state.get(ApiModel.VM, vm).consoles().stream()
        .filter(c -> state.get(ApiModel.CONSOLE, c).protocol() == ConsoleProtocol.RFB)
        .findFirst();
  }

  private static <R extends ApiRecord> Optional<Ref<R>> present(
      Snapshot state, ApiClass<R> apiClass, Ref<R> ref) {
    return state.find(apiClass, ref).map(_ -> ref);
  }
}
