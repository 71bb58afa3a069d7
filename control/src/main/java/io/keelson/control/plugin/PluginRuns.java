package io.keelson.control.plugin;

import io.keelson.api.Call;
import io.keelson.api.Types;
import io.keelson.control.Resources;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Plugins.Audience;
import io.keelson.store.Snapshot;
import java.util.UUID;
import java.util.function.Function;

/** Runs plugins as the operations that calls are. */
record PluginRuns(Resources resources) {

  /** Runs a plugin of hosts. */
  String ofHost(
      Call call, String plugin, String function, Function<Snapshot, RunPlugin.Plan> place) {
    return run(call, Audience.HOST, plugin, function, (tx, _) -> place.apply(tx));
  }

  /** Runs a plugin of VMs. */
  String ofVm(Call call, String plugin, String function, RunPlugin.Place place) {
    return run(call, Audience.VM, plugin, function, place);
  }

  private String run(
      Call call, Audience audience, String plugin, String function, RunPlugin.Place place) {
    RunPlugin steps =
        new RunPlugin(resources.drivers().plugins(), audience, plugin, function, place);
    return resources.operations().run(call, Types.STRING, steps);
  }

  static UUID coordinator(Snapshot state) {
    return HostId.of(state, OnlyPool.master(state));
  }
}
