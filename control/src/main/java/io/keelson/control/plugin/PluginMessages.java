package io.keelson.control.plugin;

import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostPlugins;
import io.keelson.api.messages.VmConversion;
import io.keelson.api.messages.VmPlugins;
import io.keelson.api.messages.VmServices;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.HostId;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The messages that run plugins. Those of VMs are other ones than those of hosts, as less is needed
 * to call them; they run on the VM's host, and are told which VM they are about.
 */
public final class PluginMessages {
  /** The argument that names a plugin's VM, whatever the caller says. */
  static final String VM_UUID = "vm_uuid";

  private PluginMessages() {}

  public static List<BoundMessage> all(Resources resources) {
    PluginRuns runs = new PluginRuns(resources);
    return Stream.of(
            HostPlugins.bind(new OfHost(runs)),
            VmPlugins.bind(new OfVm(runs)),
            VmServices.bind(new VmServicesHandler(runs)),
            VmConversion.bind(new ImportConvert(runs)))
        .flatMap(List::stream)
        .toList();
  }

  private record OfHost(PluginRuns runs) implements HostPlugins {
    @Override
    public String callPlugin(
        Call call, Ref<Host> host, String plugin, String fn, Map<String, String> args) {
      return runs.ofHost(call, plugin, fn, tx -> new RunPlugin.Plan(HostId.of(tx, host), args));
    }
  }

  private record OfVm(PluginRuns runs) implements VmPlugins {
    @Override
    public String callPlugin(
        Call call, Ref<Vm> vm, String plugin, String fn, Map<String, String> args) {
      return runs.ofVm(call, plugin, fn, (tx, claims) -> claim(tx, claims, vm, args));
    }

    private static RunPlugin.Plan claim(
        Transaction tx, Claims claims, Ref<Vm> ref, Map<String, String> args) {
      VmRules.check(tx, ref, VmOperations.CALL_PLUGIN);
      claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.CALL_PLUGIN);
      Vm vm = tx.get(ApiModel.VM, ref);
      Map<String, String> named = new HashMap<>(args);
      named.put(VM_UUID, vm.uuid());
      return new RunPlugin.Plan(HostId.of(tx, vm.residentOn()), Map.copyOf(named));
    }
  }
}
