package io.keelson.control;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostCrashdumpMessages;
import io.keelson.api.messages.VmTransfer;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.crashdump.CrashDumpRows;
import io.keelson.control.crashdump.HostCrashdumpHandler;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.exchange.VmTransferHandler;
import io.keelson.control.gpu.DeviceScan;
import io.keelson.control.gpu.GpuMessages;
import io.keelson.control.host.HostDerivation;
import io.keelson.control.metrics.HostsAtStart;
import io.keelson.control.network.BondLinks;
import io.keelson.control.network.NetworkAllowedOperations;
import io.keelson.control.network.NetworkMessages;
import io.keelson.control.network.NetworkRecovery;
import io.keelson.control.plugin.PluginMessages;
import io.keelson.control.protection.Protection;
import io.keelson.control.session.RecordKeys;
import io.keelson.control.storage.DiskRecovery;
import io.keelson.control.storage.StorageAllowedOperations;
import io.keelson.control.storage.StorageMessages;
import io.keelson.control.storage.StorageRecovery;
import io.keelson.control.task.TaskDerivation;
import io.keelson.control.vm.VirtualMachines;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.control.vm.power.VmPower;
import io.keelson.control.wlb.WlbMessages;
import io.keelson.store.Derivation;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/** The subjects that work on hosts: their messages, what follows from fields, their recovery. */
final class Subjects {
  private final Resources resources;
  private final VirtualMachines machines;
  private final Protection protection;
  private final VmExchange exchange;
  private final ConsoleLocations consoles;

  Subjects(
      Resources resources,
      LifecycleSettings lifecycle,
      ConsoleLocations consoles,
      RecordKeys keys) {
    this.resources = resources;
    this.consoles = consoles;
    this.machines = new VirtualMachines(resources, lifecycle, consoles);
    this.exchange = new VmExchange(resources, keys);
    this.protection =
        new Protection(
            resources,
            machines.protectionParts(),
            exchange,
            ZoneId.systemDefault(),
            work -> Thread.ofVirtual().name("policy").start(work));
  }

  List<BoundMessage> messages() {
    return Stream.of(
            machines.messages(),
            protection.messages(),
            VmTransfer.bind(new VmTransferHandler(exchange, resources.drivers().trust())),
            StorageMessages.all(resources),
            NetworkMessages.all(resources),
            PluginMessages.all(resources),
            GpuMessages.all(resources),
            WlbMessages.all(resources, consoles),
            HostCrashdumpMessages.bind(new HostCrashdumpHandler(resources)))
        .flatMap(List::stream)
        .toList();
  }

  /** The power of VMs. */
  VmPower power() {
    return machines.power();
  }

  /** What each keeps right whenever objects change; in this order. */
  static Derivation derivation() {
    List<Derivation> derivations =
        List.of(
            new TaskDerivation(),
            new HostDerivation(),
            new StorageAllowedOperations(),
            new NetworkAllowedOperations(),
            new BondLinks(),
            VirtualMachines.derivation());
    return (changed, state) -> derivations.forEach(d -> d.derive(changed, state));
  }

  /** What each does now and then. */
  List<Runnable> chores() {
    return List.of(machines::balance, protection::tick);
  }

  /** What each does before the server serves; in this order: VMs need hosts and repositories. */
  List<Recovery> recoveries() {
    return List.of(
        new HostsAtStart(resources),
        new DeviceScan(resources.store(), resources.drivers().devices()),
        new CrashDumpRows(resources),
        new StorageRecovery(resources),
        new NetworkRecovery(resources),
        machines::recover,
        new DiskRecovery(resources),
        protection::recover);
  }
}
