package io.keelson.control.plugin;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmServices;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * VM.query_services. What a system domain does for the pool, the plugin {@code services} of VMs
 * knows to ask it.
 */
record VmServicesHandler(PluginRuns runs) implements VmServices {
  private static final String PLUGIN = "services";
  private static final String FUNCTION = "query";

  /**
   * @throws io.keelson.api.ApiError NOT_SYSTEM_DOMAIN; XENAPI_MISSING_PLUGIN; XENAPI_PLUGIN_FAILURE
   *     when the plugin's answer is not one service a line: its name, a space, its address
   */
  @Override
  public Map<String, String> queryServices(Call call, Ref<Vm> self) {
    return services(
        runs.ofVm(
            call,
            PLUGIN,
            FUNCTION,
            (tx, _) -> {
              VmRules.check(tx, self, VmOperations.QUERY_SERVICES);
              Map<String, String> arguments =
                  Map.of(PluginMessages.VM_UUID, tx.get(ApiModel.VM, self).uuid());
              return new RunPlugin.Plan(place(tx, self), arguments);
            }));
  }

  /** Where it runs, else the coordinator. */
  private static UUID place(Snapshot state, Ref<Vm> vm) {
    return state
        .find(ApiModel.HOST, state.get(ApiModel.VM, vm).residentOn())
        .map(host -> UUID.fromString(host.uuid()))
        .orElseGet(() -> PluginRuns.coordinator(state));
  }

  private static Map<String, String> services(String answer) {
    Map<String, String> found = new LinkedHashMap<>();
    answer
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          String[] words = line.strip().split("\\s+", 2);
          if (words.length < 2) {
            throw ApiErrors.xenapiPluginFailure("no service and address on a line", answer, "");
          }
          found.put(words[0], words[1]);
        });
    return found;
  }
}
