package io.keelson.cli.dispatch;

import io.keelson.cli.command.Command;
import io.keelson.cli.command.device.GpuCommands;
import io.keelson.cli.command.device.VbdCommands;
import io.keelson.cli.command.device.VifCommands;
import io.keelson.cli.command.host.Diagnostics;
import io.keelson.cli.command.host.HostFacts;
import io.keelson.cli.command.host.HostFiles;
import io.keelson.cli.command.host.HostPower;
import io.keelson.cli.command.host.HostSettings;
import io.keelson.cli.command.host.Licences;
import io.keelson.cli.command.host.LogCommands;
import io.keelson.cli.command.host.PatchCommands;
import io.keelson.cli.command.network.NetworkCommands;
import io.keelson.cli.command.network.PifCommands;
import io.keelson.cli.command.pool.AccessCommands;
import io.keelson.cli.command.pool.BlobCommands;
import io.keelson.cli.command.pool.MessageCommands;
import io.keelson.cli.command.pool.PoolAvailability;
import io.keelson.cli.command.pool.PoolBalancing;
import io.keelson.cli.command.pool.PoolMembers;
import io.keelson.cli.command.pool.PoolSettings;
import io.keelson.cli.command.storage.PbdCommands;
import io.keelson.cli.command.storage.SrCommands;
import io.keelson.cli.command.storage.VdiCommands;
import io.keelson.cli.command.storage.VdiFiles;
import io.keelson.cli.command.vm.ApplianceCommands;
import io.keelson.cli.command.vm.ConsoleCommand;
import io.keelson.cli.command.vm.RecoveryCommands;
import io.keelson.cli.command.vm.VmCds;
import io.keelson.cli.command.vm.VmCopies;
import io.keelson.cli.command.vm.VmDisks;
import io.keelson.cli.command.vm.VmFacts;
import io.keelson.cli.command.vm.VmFiles;
import io.keelson.cli.command.vm.VmInstall;
import io.keelson.cli.command.vm.VmMemory;
import io.keelson.cli.command.vm.VmMigrate;
import io.keelson.cli.command.vm.VmPower;
import io.keelson.cli.command.vm.VmRecords;
import io.keelson.cli.command.vm.VmUninstall;
import io.keelson.cli.command.vm.VmppCommands;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every command there is; made once, since it is a large table. */
public final class Commands {
  private final Map<String, Command> byName = new TreeMap<>();

  public Commands() {
    Stream.of(
            RecordCommands.all(),
            VmPower.all(),
            VmCopies.all(),
            SrCommands.all(),
            PbdCommands.all(),
            NetworkCommands.all(),
            PifCommands.all(),
            Explain.all(),
            HostPower.all(),
            HostFacts.all(),
            HostSettings.all(),
            HostFiles.all(),
            Licences.all(),
            PoolMembers.all(),
            PoolAvailability.all(),
            PoolSettings.all(),
            PoolBalancing.all(),
            PatchCommands.all(),
            AccessCommands.all(),
            EventWait.all(),
            Diagnostics.all(),
            LogCommands.all(),
            VmInstall.all(),
            VmUninstall.all(),
            VmDisks.all(),
            VmCds.all(),
            VbdCommands.all(),
            VifCommands.all(),
            VdiCommands.all(),
            VdiFiles.all(),
            VmFiles.all(),
            VmMemory.all(),
            VmMigrate.all(),
            VmFacts.all(),
            VmRecords.all(),
            ConsoleCommand.all(),
            RecoveryCommands.all(),
            ApplianceCommands.all(),
            VmppCommands.all(),
            GpuCommands.all(),
            MessageCommands.all(),
            BlobCommands.all(),
            List.of(new Completion(this).command()))
        .flatMap(List::stream)
        .forEach(command -> {
          if (byName.put(command.name(), command) != null) {
            throw new IllegalStateException("two commands called " + command.name());
          }
        });
  }

  Optional<Command> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<Command> all() {
    return byName.values();
  }
}
