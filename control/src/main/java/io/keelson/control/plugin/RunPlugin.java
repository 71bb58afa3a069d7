package io.keelson.control.plugin;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
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
    implements Steps<RunPlugin.Plan, String> {

  /** Checks and claims what the call is about. */
  interface Place {
    Plan claim(Transaction tx, Claims claims);
  }

  /** On which host, with which arguments. */
  record Plan(UUID host, Map<String, String> arguments) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    return place.claim(tx, claims);
  }

  /**
   * @throws ApiError XENAPI_MISSING_PLUGIN, XENAPI_PLUGIN_FAILURE, or what the plugin itself says
   */
  @Override
  public String act(Plan plan, Progress progress) {
    return switch (outcome(plan, progress)) {
      case Plugins.Success(String value) -> value;
      case Plugins.Failure(var code, var parameters) ->
          throw ApiError.relayed(code, parameters)
              .orElseGet(
                  () -> ApiErrors.xenapiPluginFailure(code, String.join("; ", parameters), ""));
      case Plugins.Broken(var how, var output, var errors) ->
          throw ApiErrors.xenapiPluginFailure(how, output, errors);
    };
  }

  private Plugins.Outcome outcome(Plan plan, Progress progress) {
    try {
      return plugins.run(plan.host(), audience, name, function, plan.arguments(), progress);
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw ApiErrors.xenapiMissingPlugin(name);
      }
      throw e;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, String result) {}
}
