package io.keelson.cli.command.pool;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Binary attachments of objects. */
public final class BlobCommands {
  private static final List<String> FILE = List.of("uuid", "filename");
  private static final String PATH = "/blob";

  /** What can have one, by the parameter that has the uuid. */
  private static final Map<String, String> OWNERS =
      new TreeMap<>(
          Map.of(
              "vm-uuid", "VM",
              "host-uuid", "host",
              "sr-uuid", "SR",
              "network-uuid", "network",
              "pool-uuid", "pool"));

  private BlobCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "blob-create",
            List.of("name"),
            List.of(
                "mime-type",
                "public",
                "vm-uuid",
                "host-uuid",
                "sr-uuid",
                "network-uuid",
                "pool-uuid"),
            "Makes an empty blob of one object.",
            BlobCommands::create,
            HIDDEN),
        Command.of(
            "blob-get",
            FILE,
            List.of(),
            "Saves what is in a blob to a file.",
            BlobCommands::fetch,
            HIDDEN),
        Command.of(
            "blob-put",
            FILE,
            List.of(),
            "Puts what is in a file into a blob.",
            BlobCommands::send,
            HIDDEN));
  }

  private static void create(Invocation invocation) throws IOException {
    List<Parameter> owners =
        invocation.line().parameters().stream()
            .filter(parameter -> OWNERS.containsKey(parameter.name()))
            .toList();
    if (owners.size() != 1) {
      throw CommandException.failed(
          "Need one of: vm-uuid, host-uuid, network-uuid, sr-uuid or pool-uuid");
    }
    String owner = OWNERS.getOrDefault(owners.getFirst().name(), "");
    Results.print(
        invocation,
        "blob",
        Values.text(
            invocation.call(
                owner + ".create_new_blob",
                List.of(
                    new Value.Text(Arguments.byUuid(invocation, owner, owners.getFirst().value())),
                    Arguments.text(invocation, "name"),
                    Arguments.text(invocation, "mime-type"),
                    Arguments.flag(invocation, "public")))));
  }

  private static void fetch(Invocation invocation) throws IOException {
    String file = invocation.required("filename");
    String _ = FileTransfer.fetch(invocation, "Blob get", file, PATH, query(invocation));
    if (!file.isEmpty()) {
      invocation.printer().message("Blob get succeeded");
    }
  }

  private static void send(Invocation invocation) throws IOException {
    String _ =
        FileTransfer.send(
            invocation, "Blob put", invocation.required("filename"), PATH, query(invocation));
    invocation.printer().message("Blob put succeeded");
  }

  private static Map<String, String> query(Invocation invocation) {
    return Map.of("ref", Arguments.object(invocation, "blob", "uuid"));
  }
}
