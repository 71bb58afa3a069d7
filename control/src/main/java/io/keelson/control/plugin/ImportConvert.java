package io.keelson.control.plugin;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmConversion;
import io.keelson.api.model.Sr;
import java.util.HashMap;
import java.util.Map;

/**
 * VM.import_convert. The machines of other products speak to a conversion appliance; a plugin of
 * the coordinator's speaks for it, and without that plugin there is none.
 */
record ImportConvert(PluginRuns runs) implements VmConversion {
  private static final String PLUGIN = "conversion";
  private static final String FUNCTION = "import_convert";

  /**
   * @throws io.keelson.api.ApiError XENAPI_MISSING_PLUGIN without an appliance, and what the plugin
   *     says
   */
  @Override
  public void importConvert(
      Call call,
      String type,
      String username,
      String password,
      Ref<Sr> sr,
      Map<String, String> remoteConfig) {
    String _ =
        runs.ofHost(
            call,
            PLUGIN,
            FUNCTION,
            tx -> {
              Map<String, String> arguments = new HashMap<>(remoteConfig);
              arguments.put("type", type);
              arguments.put("username", username);
              arguments.put("password", password);
              arguments.put("sr_uuid", tx.get(ApiModel.SR, sr).uuid());
              return new RunPlugin.Plan(PluginRuns.coordinator(tx), Map.copyOf(arguments));
            });
  }
}
