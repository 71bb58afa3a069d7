package io.keelson.control.host;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostAllowedOperations;
import io.keelson.api.model.HostFields;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.plugin.PluginCall;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Drivers;
import io.keelson.host.Plugins.Audience;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.UUID;
import java.util.stream.Stream;

/** Turns a host's machine on, with another host's help where there is one. */
record PowerOnSteps(Drivers drivers, Ref<Host> host) implements Steps<PowerOnSteps.Plan, String> {

  /** Who does it, to whom, and how. */
  record Plan(UUID helper, UUID host, PowerOnMode mode) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    PowerOnMode mode = PowerOnMode.of(tx, host);
    claims.add(ApiModel.HOST, host, HostFields.CURRENT_OPERATIONS, HostAllowedOperations.POWER_ON);
    return new Plan(HostId.of(tx, helper(tx)), HostId.of(tx, host), mode);
  }

  /** The coordinator, else any other host that is up, else the host itself. */
  private Ref<Host> helper(Snapshot state) {
    return Stream.concat(
            Stream.of(OnlyPool.row(state).record().master()),
            state.rows(ApiModel.HOST).map(Row::ref))
        .filter(other -> !other.equals(host))
        .filter(other -> LiveHosts.isLive(state, state.get(ApiModel.HOST, other)))
        .findFirst()
        .orElse(host);
  }

  @Override
  public String act(Plan plan, Progress progress) {
    return switch (plan.mode()) {
      case PowerOnMode.Direct(var way) -> {
        drivers.power().powerOn(plan.helper(), plan.host(), way);
        yield "";
      }
      case PowerOnMode.Custom(var plugin, var arguments) ->
          new PluginCall(plan.helper(), Audience.HOST, plugin, "power_on", arguments)
              .run(drivers.plugins(), progress);
    };
  }

  @Override
  public void settle(Transaction tx, Plan plan, String outcome) {}
}
