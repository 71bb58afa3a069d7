package io.keelson.control.plugin;

import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Types;
import io.keelson.api.messages.HostPlugins;
import io.keelson.api.messages.VmConversion;
import io.keelson.api.messages.VmPlugins;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Plugins.Audience;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    return Stream.of(
            HostPlugins.bind(new OfHost(resources)),
            VmPlugins.bind(new OfVm(resources)),
            VmConversion.bind(new ImportConvert(resources)))
        .flatMap(List::stream)
        .toList();
  }

  private record OfHost(Resources resources) implements HostPlugins {
    @Override
    public String callPlugin(
        Call call, Ref<Host> host, String plugin, String fn, Map<String, String> args) {
      return run(
          resources,
          call,
          Audience.HOST,
          plugin,
          fn,
          (tx, _) -> new RunPlugin.Plan(hostId(tx, host), args));
    }
  }

  private record OfVm(Resources resources) implements VmPlugins {
    @Override
    public String callPlugin(
        Call call, Ref<Vm> vm, String plugin, String fn, Map<String, String> args) {
      return run(
          resources, call, Audience.VM, plugin, fn, (tx, claims) -> claim(tx, claims, vm, args));
    }

    private static RunPlugin.Plan claim(
        Transaction tx, Claims claims, Ref<Vm> ref, Map<String, String> args) {
      VmRules.check(tx, ref, VmOperations.CALL_PLUGIN);
      claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.CALL_PLUGIN);
      Vm vm = tx.get(ApiModel.VM, ref);
      Map<String, String> named = new HashMap<>(args);
      named.put(VM_UUID, vm.uuid());
      return new RunPlugin.Plan(hostId(tx, vm.residentOn()), Map.copyOf(named));
    }
  }

  private static UUID hostId(Transaction tx, Ref<Host> host) {
    return UUID.fromString(tx.get(ApiModel.HOST, host).uuid());
  }

  private static String run(
      Resources resources,
      Call call,
      Audience audience,
      String plugin,
      String function,
      RunPlugin.Place place) {
    RunPlugin steps =
        new RunPlugin(resources.drivers().plugins(), audience, plugin, function, place);
    return resources.operations().run(call, Types.STRING, steps);
  }
}
