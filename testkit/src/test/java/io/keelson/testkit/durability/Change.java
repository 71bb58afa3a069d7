package io.keelson.testkit.durability;

import static io.keelson.testkit.wire.Values.text;

import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One write. */
sealed interface Change {
  /** Makes it on the server, and gives the reference of the VM that it concerns. */
  String make(Api api);

  /** What it makes of a writer's VMs, where {@code vm} is the reference that making it gave. */
  Map<String, State> after(Map<String, State> before, String vm);

  record Create(String name) implements Change {
    @Override
    public String make(Api api) {
      return api.read("VM.create", Vms.vmRecord(name, 32));
    }

    @Override
    public Map<String, State> after(Map<String, State> before, String vm) {
      return with(before, vm, new State(name, "", Set.of()));
    }
  }

  record Destroy(String vm) implements Change {
    @Override
    public String make(Api api) {
      api.call("VM.destroy", text(vm));
      return vm;
    }

    @Override
    public Map<String, State> after(Map<String, State> before, String same) {
      Map<String, State> left = new TreeMap<>(before);
      left.remove(vm);
      return left;
    }
  }

  record Describe(String vm, String description) implements Change {
    @Override
    public String make(Api api) {
      api.call("VM.set_name_description", text(vm), text(description));
      return vm;
    }

    @Override
    public Map<String, State> after(Map<String, State> before, String same) {
      return with(before, vm, known(before, vm).described(description));
    }
  }

  record Tag(String vm, String tag) implements Change {
    @Override
    public String make(Api api) {
      api.call("VM.add_tags", text(vm), text(tag));
      return vm;
    }

    @Override
    public Map<String, State> after(Map<String, State> before, String same) {
      return with(before, vm, known(before, vm).tagged(tag));
    }
  }

  private static State known(Map<String, State> states, String vm) {
    State state = states.get(vm);
    if (state == null) {
      throw new IllegalStateException("never seen: " + vm);
    }
    return state;
  }

  private static Map<String, State> with(Map<String, State> before, String vm, State state) {
    Map<String, State> all = new TreeMap<>(before);
    all.put(vm, state);
    return all;
  }
}
