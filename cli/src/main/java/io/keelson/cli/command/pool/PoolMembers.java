package io.keelson.cli.command.pool;

import static io.keelson.cli.command.Command.Mark.LOCAL_SESSION;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Consent;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is in the pool, who coordinates it, and its database. */
public final class PoolMembers {
  private static final List<String> NONE = List.of();
  private static final List<String> HOST = List.of("host-uuid");
  private static final String DATABASE = "/pool/xmldbdump";

  private PoolMembers() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "pool-join",
            List.of("master-address", "master-username", "master-password"),
            List.of("force"),
            "Joins the host to a pool. With --force processors need not be alike.",
            PoolMembers::join),
        Command.of(
            "pool-eject",
            HOST,
            List.of("force"),
            "Lets a host leave the pool.",
            PoolMembers::eject),
        Command.of(
            "pool-designate-new-master",
            HOST,
            NONE,
            "Hands the coordinator's role to another host.",
            invocation ->
                invocation.call(
                    "pool.designate_new_master",
                    Arguments.object(invocation, "host", "host-uuid"))),
        Command.of(
            "pool-emergency-transition-to-master",
            NONE,
            List.of("force"),
            "Makes a host that lives the coordinator, when the coordinator is dead.",
            invocation -> invocation.call("pool.emergency_transition_to_master"),
            LOCAL_SESSION),
        Command.of(
            "pool-emergency-reset-master",
            List.of("master-address"),
            NONE,
            "Makes the host of an address the coordinator, when the coordinator is dead.",
            invocation ->
                invocation.call(
                    "pool.emergency_reset_master", invocation.required("master-address")),
            LOCAL_SESSION),
        Command.of(
            "pool-recover-slaves",
            NONE,
            NONE,
            "Asks hosts that were silent to come back; lists those that do.",
            PoolMembers::recover),
        Command.of(
            "pool-sync-database",
            NONE,
            NONE,
            "Waits until the database is on disk.",
            invocation -> invocation.call("pool.sync_database")),
        Command.of(
            "pool-dump-database",
            List.of("file-name"),
            NONE,
            "Fetches the pool's database, with its secrets.",
            invocation ->
                FileTransfer.fetch(
                    invocation,
                    "dump database",
                    invocation.required("file-name"),
                    DATABASE,
                    Map.of())),
        Command.of(
            "pool-restore-database",
            List.of("file-name"),
            List.of("dry-run", "force"),
            "Puts a database in the place of the pool's. Needs --force, or dry-run=true, with which"
                + " it is only tried.",
            PoolMembers::restore));
  }

  private static void join(Invocation invocation) {
    invocation.call(
        invocation.flag("force") ? "pool.join_force" : "pool.join",
        invocation.required("master-address"),
        invocation.required("master-username"),
        invocation.required("master-password"));
  }

  private static void eject(Invocation invocation) throws IOException {
    String host = Arguments.object(invocation, "host", "host-uuid");
    if (!invocation.flag("force")) {
      List<String> warnings = new ArrayList<>();
      warnings.add(
          "WARNING: The pool forgets the SRs that this host alone has, and what is in them.");
      List<String> disks = disksOfItsOwn(invocation, host);
      if (!disks.isEmpty()) {
        warnings.add("The following VDI objects will be forgotten:");
        warnings.addAll(disks);
      }
      Consent.to(invocation, warnings);
    }
    invocation.call("pool.eject", host);
  }

  private static List<String> disksOfItsOwn(Invocation invocation, String host) {
    List<String> disks = new ArrayList<>();
    for (String pbd : Values.texts(invocation.call("host.get_PBDs", host))) {
      String sr = Values.text(invocation.call("PBD.get_SR", pbd));
      boolean shared =
          Values.texts(invocation.call("SR.get_PBDs", sr)).stream()
              .anyMatch(other -> !Values.text(invocation.call("PBD.get_host", other)).equals(host));
      if (!shared) {
        Values.texts(invocation.call("SR.get_VDIs", sr))
            .forEach(vdi -> disks.add("VDI: " + Arguments.named(invocation, "VDI", vdi)));
      }
    }
    return disks;
  }

  private static void recover(Invocation invocation) throws IOException {
    Value hosts = invocation.call("pool.recover_slaves");
    invocation
        .printer()
        .list(
            Values.texts(hosts).stream()
                .map(host -> invocation.objects().uuid("host", host))
                .toList());
  }

  private static void restore(Invocation invocation) throws IOException {
    boolean rehearsed = invocation.flag("dry-run");
    if (!rehearsed && !invocation.flag("force")) {
      throw CommandException.failed(
          "This operation will put the database of the file in the place of the pool's. This"
              + " operation must be forced (use --force).");
    }
    FileTransfer.send(
        invocation,
        "restore database",
        invocation.required("file-name"),
        DATABASE,
        Map.of("dry_run", Boolean.toString(rehearsed)));
    invocation
        .printer()
        .list(
            List.of(
                rehearsed
                    ? "Dry-run backup restore successful"
                    : "The toolstack starts anew with the restored database."));
  }
}
