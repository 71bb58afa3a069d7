package io.keelson.control.plugin;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Plugins;
import io.keelson.host.Plugins.Audience;
import io.keelson.host.Progress;
import java.util.Map;
import java.util.UUID;

/**
 * One run of a plugin's function.
 *
 * @param host where it runs
 */
public record PluginCall(
    UUID host, Audience audience, String plugin, String function, Map<String, String> arguments) {

  /**
   * What the function returns.
   *
   * @throws ApiError XENAPI_MISSING_PLUGIN, XENAPI_PLUGIN_FAILURE, or what the plugin itself says
   */
  public String run(Plugins plugins, Progress progress) {
    return switch (outcome(plugins, progress)) {
      case Plugins.Success(String value) -> value;
      case Plugins.Failure(var code, var parameters) ->
          throw ApiError.relayed(code, parameters)
              .orElseGet(
                  () -> ApiErrors.xenapiPluginFailure(code, String.join("; ", parameters), ""));
      case Plugins.Broken(var how, var output, var errors) ->
          throw ApiErrors.xenapiPluginFailure(how, output, errors);
    };
  }

  private Plugins.Outcome outcome(Plugins plugins, Progress progress) {
    try {
      return plugins.run(host, audience, plugin, function, arguments, progress);
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw ApiErrors.xenapiMissingPlugin(plugin);
      }
      throw e;
    }
  }
}
