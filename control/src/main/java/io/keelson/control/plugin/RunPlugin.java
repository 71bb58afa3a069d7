package io.keelson.control.plugin;

import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Plugins;
import io.keelson.host.Plugins.Audience;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/**
 * Runs a function of a plugin.
 *
 * @param place where, once the rules have been checked
 */
record RunPlugin(Plugins plugins, Audience audience, String name, String function, Place place)
    implements Steps<PluginCall, String> {

  /** Checks and claims what the call is about. */
  interface Place {
    Plan claim(Transaction tx, Claims claims);
  }

  /** On which host, with which arguments. */
  record Plan(UUID host, Map<String, String> arguments) {}

  @Override
  public PluginCall claim(Transaction tx, Claims claims) {
    Plan plan = place.claim(tx, claims);
    return new PluginCall(plan.host(), audience, name, function, plan.arguments());
  }

  @Override
  public String act(PluginCall call, Progress progress) {
    return call.run(plugins, progress);
  }

  @Override
  public void settle(Transaction tx, PluginCall call, String result) {}
}
