package io.keelson.cli.command.storage;

import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is on disks, as files of the user's. */
public final class VdiFiles {
  private static final String FILE = "filename";
  private static final String FORMAT = "format";
  private static final String BASE = "base";

  private VdiFiles() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vdi-import",
            List.of("uuid", FILE),
            List.of(FORMAT, "progress"),
            "Writes a file to a disk: raw, or as format=vhd or qcow2 says.",
            VdiFiles::send),
        Command.of(
            "vdi-export",
            List.of("uuid", FILE),
            List.of(FORMAT, BASE, "progress"),
            "Saves what is on a disk to a file: raw, or as format=vhd or qcow2 says; with"
                + " base=<uuid> what sets it apart from another disk.",
            VdiFiles::fetch));
  }

  private static void send(Invocation invocation) throws IOException {
    String _ =
        FileTransfer.send(
            invocation,
            "VDI import",
            invocation.required(FILE),
            "/import_raw_vdi",
            query(invocation, FORMAT));
  }

  private static void fetch(Invocation invocation) throws IOException {
    String _ =
        FileTransfer.fetch(
            invocation,
            "VDI export",
            invocation.required(FILE),
            "/export_raw_vdi",
            query(invocation, FORMAT, BASE));
  }

  private static Map<String, String> query(Invocation invocation, String... names) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("vdi", Arguments.object(invocation, "VDI", "uuid"));
    for (String name : names) {
      invocation.get(name).ifPresent(value -> query.put(name, value));
    }
    return query;
  }
}
