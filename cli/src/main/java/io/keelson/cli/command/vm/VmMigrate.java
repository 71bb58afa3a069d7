package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Hosts;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Printer;
import io.keelson.cli.command.Repositories;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.command.Work;
import io.keelson.cli.command.device.Drives;
import io.keelson.cli.record.Item;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Moving VMs to other hosts, by themselves or with their disks. */
public final class VmMigrate {
  private static final Set<String> OF_THE_COMMAND =
      Set.of(
          "host",
          "host-uuid",
          "host-name",
          "live",
          "copy",
          "progress",
          "remote-master",
          "remote-username",
          "remote-password",
          "remote-network",
          "destination-sr-uuid",
          "vif",
          "vdi");

  /** Of this pool, as those who say where it is know it. */
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "::1");

  private VmMigrate() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-migrate",
            List.of(),
            List.of(
                "live",
                "host",
                "host-uuid",
                "remote-master",
                "remote-username",
                "remote-password",
                "remote-network",
                "destination-sr-uuid",
                "force",
                "copy",
                "vif:",
                "vdi:"),
            "Moves VMs to the host that host=<name or uuid> names, with --live while they run. With"
                + " remote-master=<address of the pool's coordinator>, remote-username and"
                + " remote-password their disks move too: vdi:<uuid>=<SR's uuid> says where to, and"
                + " vif:<uuid>=<network's uuid> what a network card is on then; with copy=true the"
                + " VM stays as well.",
            VmMigrate::migrate,
            STANDARD,
            VM_SELECTORS));
  }

  private static void migrate(Invocation invocation) throws IOException {
    boolean withDisks =
        Stream.of("remote-master", "remote-username", "remote-password")
            .allMatch(name -> invocation.get(name).isPresent());
    if (withDisks) {
      withDisks(invocation);
      return;
    }
    Value host =
        new Value.Text(
            Hosts.byNameOrUuid(
                    invocation,
                    host(invocation)
                        .orElseThrow(
                            () -> CommandException.failed("No destination host specified")))
                .ref());
    Value options = options(invocation, "force", "live");
    Selection.ofVms(
        invocation,
        Scope.WITH_CONTROL_DOMAINS,
        OF_THE_COMMAND,
        vm ->
            Work.done(
                invocation, "VM.pool_migrate", List.of(new Value.Text(vm.ref()), host, options)));
  }

  private static Optional<String> host(Invocation invocation) {
    return invocation
        .get("host")
        .or(() -> invocation.get("host-uuid"))
        .or(() -> invocation.get("host-name"));
  }

  private static Value options(Invocation invocation, String... names) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String name : names) {
      options.put(name, Boolean.toString(invocation.flag(name)));
    }
    return Values.of(options);
  }

  /** Where nobody named a place for a disk, it goes where the pool's disks go. */
  private static void withDisks(Invocation invocation) throws IOException {
    Printer printer = invocation.printer();
    printer.message(
        "Performing a Storage XenMotion migration. Your VM's VDIs will be migrated with the VM.");
    requireThisPool(invocation, invocation.required("remote-master"));
    Api there = invocation.api().in(login(invocation));
    try {
      Map.Entry<String, Map<String, Value>> host = destination(invocation, there);
      String network = network(invocation, there, host.getValue());
      Optional<String> sr = usualPlace(invocation, there);
      Value cards = map(invocation, "vif", "VIF", "network");
      Map<String, String> chosen = objects(invocation, "vdi", "VDI", "SR");
      printer.message(
          "Will migrate to remote host: %s, using remote network: %s. Here is the VDI mapping:"
              .formatted(
                  Drives.text(host.getValue(), "name_label"),
                  Values.text(there.call("network.get_name_label", network))));
      Value options = options(invocation, "force", "live", "copy");
      Value token =
          there.call(
              "host.migrate_receive",
              List.of(new Value.Text(host.getKey()), new Value.Text(network), options));
      Selection.ofVms(
          invocation,
          Scope.WITH_CONTROL_DOMAINS,
          OF_THE_COMMAND,
          vm -> {
            Map<String, String> places = places(invocation, vm, chosen, sr);
            tell(invocation, places);
            String _ =
                Work.done(
                    invocation,
                    "VM.migrate_send",
                    List.of(
                        new Value.Text(vm.ref()),
                        token,
                        new Value.Flag(true),
                        Values.of(places),
                        cards,
                        options));
          });
    } finally {
      there.call("session.logout");
    }
  }

  /** VMs move within their pool. */
  private static void requireThisPool(Invocation invocation, String address) {
    boolean known =
        HERE.contains(address)
            || Values.members(invocation.call("host.get_all_records")).values().stream()
                .map(Values::members)
                .anyMatch(host ->
                    Stream.of("address", "hostname", "name_label")
                        .anyMatch(field -> Drives.text(host, field).equals(address)));
    if (!known) {
      throw CommandException.failed(
          "VMs can be migrated within this pool only, and "
              + address
              + " is no host of it. To move a VM to another pool, use vm-export and vm-import.");
    }
  }

  private static String login(Invocation invocation) {
    return Values.text(
        invocation
            .api()
            .server()
            .call(
                "session.login_with_password",
                Stream.of(
                        invocation.required("remote-username"),
                        invocation.required("remote-password"),
                        "1.3",
                        "cli")
                    .<Value>map(Value.Text::new)
                    .toList()));
  }

  private static Map.Entry<String, Map<String, Value>> destination(
      Invocation invocation, Api there) {
    Optional<String> wanted = host(invocation);
    return Values.members(there.call("host.get_all_records")).entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), Values.members(entry.getValue())))
        .filter(host ->
            wanted.isEmpty()
                || Stream.of("hostname", "name_label", "uuid")
                    .anyMatch(field -> Drives.text(host.getValue(), field).equals(wanted.get())))
        .findFirst()
        .orElseThrow(() -> CommandException.failed("Failed to find host: " + wanted.orElse("")));
  }

  /** Over which the VM travels: the one named, or that of the host's management. */
  private static String network(Invocation invocation, Api there, Map<String, Value> host) {
    Optional<String> wanted = invocation.get("remote-network");
    if (wanted.isEmpty()) {
      return Values.texts(Values.member(host, "PIFs")).stream()
          .filter(pif -> Values.flag(there.call("PIF.get_management", pif)))
          .findFirst()
          .map(pif -> Values.text(there.call("PIF.get_network", pif)))
          .orElseThrow(() ->
              CommandException.failed(
                  "Could not find management PIF on host " + Drives.text(host, "uuid")));
    }
    return Values.members(there.call("network.get_all_records")).entrySet().stream()
        .filter(network ->
            Stream.of("bridge", "name_label", "uuid")
                .anyMatch(field ->
                    Drives.text(Values.members(network.getValue()), field).equals(wanted.get())))
        .findFirst()
        .map(Map.Entry::getKey)
        .orElseThrow(() -> CommandException.failed("Failed to find network: " + wanted.get()));
  }

  private static Optional<String> usualPlace(Invocation invocation, Api there) throws IOException {
    Optional<String> named = invocation.get("destination-sr-uuid");
    if (named.isPresent()) {
      return Optional.of(Values.text(there.call("SR.get_by_uuid", named.get())));
    }
    invocation.printer().message("Selecting remote pool's default SR for migrating VDIs");
    return Repositories.usual(invocation);
  }

  /** Pairs of uuids, as references. */
  private static Map<String, String> objects(
      Invocation invocation, String parameter, String from, String to) {
    Map<String, String> objects = new LinkedHashMap<>();
    invocation
        .line()
        .map(parameter)
        .forEach((uuid, place) ->
            objects.put(
                Arguments.byUuid(invocation, from, uuid), Arguments.byUuid(invocation, to, place)));
    return objects;
  }

  private static Value map(Invocation invocation, String parameter, String from, String to) {
    return Values.of(objects(invocation, parameter, from, to));
  }

  private static Map<String, String> places(
      Invocation invocation, Item vm, Map<String, String> chosen, Optional<String> usual) {
    Map<String, String> places = new LinkedHashMap<>();
    for (String drive : Drives.of(invocation, vm, Drives.DISK, vbd -> !Drives.isEmpty(vbd))) {
      String disk = Values.text(invocation.call("VBD.get_VDI", drive));
      Optional.ofNullable(chosen.get(disk)).or(() -> usual).ifPresent(sr -> places.put(disk, sr));
    }
    places.remove(Ref.none().text());
    return places;
  }

  private static void tell(Invocation invocation, Map<String, String> places) throws IOException {
    for (Map.Entry<String, String> place : places.entrySet()) {
      invocation
          .printer()
          .message(
              "VDI %s -> SR %s"
                  .formatted(
                      Values.text(invocation.call("VDI.get_uuid", place.getKey())),
                      Values.text(invocation.call("SR.get_uuid", place.getValue()))));
    }
  }
}
