package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** What cases have made and changed, to be taken back in the opposite order. */
final class Traces {
  private record Call(String method, List<JsonNode> parameters) {}

  private final Session root;
  private final Deque<Call> calls = new ArrayDeque<>();

  Traces(Session root) {
    this.root = root;
  }

  void add(String method, List<JsonNode> parameters) {
    calls.push(new Call(method, parameters));
  }

  /** Takes all back; what is gone already is no matter. */
  void undo() {
    while (!calls.isEmpty()) {
      Call call = calls.pop();
      if (call.method().equals("vm")) {
        removeVm(call.parameters().getFirst());
      } else {
        root.answer(call.method(), call.parameters());
      }
    }
  }

  /** A VM with its snapshots, and the disks that are its own. */
  private void removeVm(JsonNode vm) {
    root.value("VM.get_snapshots", vm).ifPresent(all -> all.forEach(this::removeMachine));
    removeMachine(vm);
  }

  private void removeMachine(JsonNode vm) {
    root.answer("VM.hard_shutdown", vm);
    List<JsonNode> disks = new ArrayList<>();
    root.value("VM.get_VBDs", vm)
        .ifPresent(drives -> drives.forEach(drive -> disks.addAll(disk(drive))));
    root.answer("VM.set_is_a_template", vm, BooleanNode.FALSE);
    root.answer("VM.destroy", vm);
    disks.forEach(disk -> root.answer("VDI.destroy", disk));
  }

  private List<JsonNode> disk(JsonNode drive) {
    boolean isDisk =
        root.value("VBD.get_type", drive).filter(t -> t.asString("").equals("Disk")).isPresent();
    return isDisk
        ? root.value("VBD.get_VDI", drive).filter(v -> !v.equals(Values.NULL_REFERENCE)).stream()
            .toList()
        : List.of();
  }
}
