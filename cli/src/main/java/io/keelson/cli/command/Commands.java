package io.keelson.cli.command;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every command there is. */
final class Commands {
  private final Map<String, Command> byName = new TreeMap<>();

  Commands() {
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
