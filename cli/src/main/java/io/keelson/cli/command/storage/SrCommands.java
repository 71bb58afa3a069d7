package io.keelson.cli.command.storage;

import static io.keelson.cli.command.Command.Mark.HOST_SELECTORS;
import static io.keelson.cli.command.Command.Mark.SR_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.DataSources;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.ByteCount;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Repositories of disks: made, found, scanned, forgotten. */
public final class SrCommands {
  private static final List<String> UUID = List.of("uuid");
  private static final String DEVICE_CONFIG = "device-config";
  private static final String FROM_FILE = "-filename";
  private static final Set<String> OF_THIN =
      Set.of("sr-uuid", "initial-allocation", "allocation-quantum");

  private SrCommands() {}

  public static List<Command> all() {
    return Stream.concat(
            own().stream(),
            DataSources.commands("sr", "SR", "a repository", SR_SELECTORS, Selection::ofSr)
                .stream())
        .toList();
  }

  private static List<Command> own() {
    return List.of(
        Command.of(
            "sr-create",
            List.of("name-label", "type"),
            List.of(
                "host-uuid",
                "device-config:",
                "shared",
                "physical-size",
                "content-type",
                "sm-config:"),
            "Makes a repository and connects it. What its type needs is given as"
                + " device-config:<key>=<value>, or as device-config:<key>-filename=<file> where a"
                + " file has it.",
            SrCommands::create),
        Command.of(
            "sr-probe",
            List.of("type"),
            List.of("host-uuid", "device-config:", "sm-config:"),
            "Looks for what a repository could be made of, or has been made of.",
            SrCommands::probe),
        Command.of(
            "sr-introduce",
            List.of("name-label", "type", "uuid"),
            List.of("shared", "content-type", "sm-config:"),
            "Takes in a repository that exists already; it is not connected yet.",
            SrCommands::introduce),
        onOne("sr-scan", "Looks for disks that have come or gone.", "scan"),
        onOne("sr-destroy", "Destroys a repository, with what is in it.", "destroy"),
        onOne("sr-forget", "Forgets a repository; what is in it stays.", "forget"),
        onOne("sr-update", "Reads sizes of a repository anew.", "update"),
        onOne(
            "sr-enable-database-replication",
            "Keeps a copy of the pool's database in a repository.",
            "enable_database_replication"),
        onOne(
            "sr-disable-database-replication",
            "Keeps no copy of the pool's database in a repository any more.",
            "disable_database_replication"),
        Command.of(
            "lvhd-enable-thin-provisioning",
            List.of("sr-uuid", "initial-allocation", "allocation-quantum"),
            List.of(),
            "Lets disks of a repository grow as they are written.",
            SrCommands::thin,
            HOST_SELECTORS));
  }

  private static Command onOne(String name, String help, String message) {
    return Command.of(
        name,
        UUID,
        List.of(),
        help,
        invocation -> {
          Value sr = Arguments.reference(invocation, "SR", "uuid");
          Work.done(invocation, "SR." + message, List.of(sr));
        });
  }

  private static void create(Invocation invocation) throws IOException {
    boolean shared = invocation.flag("shared");
    long size =
        invocation.get("physical-size").map(text -> ByteCount.of("physical-size", text)).orElse(0L);
    boolean oneHost = Values.texts(invocation.call("host.get_all")).size() == 1;
    if (!shared && !oneHost && invocation.get("host-uuid").isEmpty()) {
      throw CommandException.failed("Required parameter not found: host-uuid");
    }
    String result =
        Work.done(
            invocation,
            "SR.create",
            List.of(
                new Value.Text(hostOrCoordinator(invocation)),
                Values.of(withFiles(invocation, Arguments.dashedMap(invocation, DEVICE_CONFIG))),
                new Value.Whole(size),
                new Value.Text(invocation.required("name-label")),
                new Value.Text(""),
                new Value.Text(invocation.required("type")),
                Arguments.text(invocation, "content-type"),
                new Value.Flag(shared),
                Arguments.map(invocation, "sm-config")));
    String sr = Results.made(result);
    Results.print(invocation, "SR", sr);
  }

  /** Entries whose keys end in {@code -filename} have a file of the user's as their value. */
  private static Map<String, String> withFiles(Invocation invocation, Map<String, String> config)
      throws IOException {
    Map<String, String> read = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : config.entrySet()) {
      String key = entry.getKey();
      String value = entry.getValue();
      if (key.endsWith(FROM_FILE)) {
        read.put(
            key.substring(0, key.length() - FROM_FILE.length()),
            FileTransfer.text(invocation, value));
      } else {
        read.put(key, value);
      }
    }
    return read;
  }

  private static String hostOrCoordinator(Invocation invocation) {
    return invocation
        .get("host-uuid")
        .map(uuid -> Arguments.byUuid(invocation, "host", uuid))
        .orElseGet(() -> Arguments.coordinator(invocation));
  }

  private static void probe(Invocation invocation) throws IOException {
    invocation
        .printer()
        .list(
            List.of(
                Values.text(
                    invocation.call(
                        "SR.probe",
                        List.of(
                            new Value.Text(hostOrCoordinator(invocation)),
                            Values.of(Arguments.dashedMap(invocation, DEVICE_CONFIG)),
                            new Value.Text(invocation.required("type")),
                            Arguments.map(invocation, "sm-config"))))));
  }

  private static void introduce(Invocation invocation) throws IOException {
    invocation.call(
        "SR.introduce",
        List.of(
            new Value.Text(invocation.required("uuid")),
            new Value.Text(invocation.required("name-label")),
            new Value.Text(""),
            new Value.Text(invocation.required("type")),
            Arguments.text(invocation, "content-type"),
            Arguments.flag(invocation, "shared"),
            Arguments.map(invocation, "sm-config")));
    invocation.printer().list(List.of(invocation.required("uuid")));
  }

  private static void thin(Invocation invocation) throws IOException {
    Value sr = Arguments.reference(invocation, "SR", "sr-uuid");
    Value initial = bytes(invocation, "initial-allocation");
    Value quantum = bytes(invocation, "allocation-quantum");
    Selection.ofHost(
        invocation,
        OF_THIN,
        _ -> invocation.call("LVHD.enable_thin_provisioning", List.of(sr, initial, quantum)));
  }

  private static Value bytes(Invocation invocation, String parameter) {
    return new Value.Whole(ByteCount.of(parameter, invocation.required(parameter)));
  }
}
