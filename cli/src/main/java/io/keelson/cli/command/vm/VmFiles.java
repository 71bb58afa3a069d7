package io.keelson.cli.command.vm;

import static io.keelson.cli.command.Command.Mark.STANDARD;
import static io.keelson.cli.command.Command.Mark.VM_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Repositories;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Selection.Scope;
import io.keelson.cli.command.Work;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** VMs, templates and snapshots as files of the user's. */
public final class VmFiles {
  private static final String FILE = "filename";
  private static final String METADATA = "metadata";
  private static final String COMPRESS = "compress";
  private static final String STATE = "preserve-power-state";
  private static final String SNAPSHOTS = "include-snapshots";
  private static final String TASK = "task-uuid";
  private static final Set<String> FROM_FILES = Set.of("", "default", "xenserver");

  private VmFiles() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vm-import",
            List.of(),
            List.of(
                FILE,
                "preserve",
                "sr-uuid",
                "force",
                METADATA,
                "dry-run",
                TASK,
                "host-username",
                "host-password",
                "type",
                "remote-config:",
                "url",
                "vdi:"),
            "Imports the VMs of a file, or of what url=<url> names. With preserve=true all is as it"
                + " was, MAC addresses among it; with --force damage to disks is passed over. With"
                + " metadata=true the file has no disks, and dry-run=true only tries. From another"
                + " product, type=<product> takes host-username, host-password and remote-config:.",
            VmFiles::receive,
            STANDARD),
        Command.of(
            "vm-export",
            List.of(FILE),
            List.of(STATE, COMPRESS, METADATA, SNAPSHOTS, TASK),
            "Exports VMs to a file each; with compress=true it is packed, with metadata=true without"
                + " the disks.",
            VmFiles::exportVms,
            STANDARD,
            VM_SELECTORS),
        Command.of(
            "snapshot-export-to-template",
            List.of(FILE, "snapshot-uuid"),
            List.of(STATE, COMPRESS, METADATA),
            "Exports a snapshot to a file.",
            invocation -> exportOne(invocation, "snapshot-uuid"),
            STANDARD),
        Command.of(
            "template-export",
            List.of(FILE, "template-uuid"),
            List.of(COMPRESS, METADATA),
            "Exports a template to a file.",
            invocation -> exportOne(invocation, "template-uuid"),
            STANDARD));
  }

  private static void exportVms(Invocation invocation) throws IOException {
    String file = invocation.required(FILE);
    AtomicInteger number = new AtomicInteger();
    Selection.ofVms(
        invocation,
        Scope.MACHINES,
        Set.of(FILE, METADATA, COMPRESS, STATE, SNAPSHOTS, TASK, "progress"),
        vm -> {
          int count = number.incrementAndGet();
          export(invocation, vm.ref(), count > 1 ? file + count : file);
        });
  }

  private static void exportOne(Invocation invocation, String parameter) throws IOException {
    export(invocation, Arguments.object(invocation, "VM", parameter), invocation.required(FILE));
  }

  private static void export(Invocation invocation, String vm, String file) throws IOException {
    boolean metadata = invocation.flag(METADATA);
    boolean snapshots =
        invocation.get(SNAPSHOTS).isPresent() ? invocation.flag(SNAPSHOTS) : metadata;
    Map<String, String> query = new LinkedHashMap<>();
    query.put("ref", vm);
    query.put("use_compression", compression(invocation));
    query.put("preserve_power_state", Boolean.toString(invocation.flag(STATE)));
    query.put("export_snapshots", Boolean.toString(snapshots));
    String _ =
        FileTransfer.fetch(
            invocation, "Export", file, metadata ? "/export_metadata" : "/export", query);
    if (!file.isEmpty()) {
      invocation.printer().message("Export succeeded");
    }
  }

  /** Which packing, or just whether. */
  private static String compression(Invocation invocation) {
    String typed = invocation.get(COMPRESS).orElse("false").toLowerCase(Locale.ROOT);
    return typed.equals("gzip") || typed.equals("zstd")
        ? typed
        : Boolean.toString(invocation.flag(COMPRESS));
  }

  private static void receive(Invocation invocation) throws IOException {
    if (!FROM_FILES.contains(invocation.get("type").orElse("").toLowerCase(Locale.ROOT))) {
      convert(invocation);
      return;
    }
    boolean metadata = invocation.flag(METADATA);
    boolean dryRun = invocation.flag("dry-run");
    if (dryRun && !metadata) {
      throw CommandException.failed("Only metadata import function support dry-run");
    }
    Optional<String> url = invocation.get("url");
    List<String> vms =
        Results.references(
            url.isPresent()
                ? download(invocation, url.get())
                : FileTransfer.send(
                    invocation,
                    "VM import",
                    invocation.required(FILE),
                    metadata ? "/import_metadata" : "/import",
                    query(invocation, metadata)));
    List<String> uuids =
        vms.stream().map(vm -> Values.text(invocation.call("VM.get_uuid", vm))).toList();
    if (invocation.flag("minimal")) {
      invocation.printer().list(uuids);
    } else if (!dryRun) {
      invocation.printer().list(List.of(String.join(",", uuids)));
    }
  }

  private static Map<String, String> query(Invocation invocation, boolean metadata) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("restore", Boolean.toString(invocation.flag("preserve")));
    query.put("force", Boolean.toString(invocation.flag("force")));
    query.put("dry_run", Boolean.toString(invocation.flag("dry-run")));
    if (metadata) {
      invocation.line().map("vdi").forEach((disk, place) -> query.put("vdi:" + disk, place));
    } else {
      query.put("sr_id", repository(invocation));
    }
    return query;
  }

  private static String repository(Invocation invocation) {
    return Repositories.named(invocation, "sr-uuid", "No SR specified and Pool default SR is null");
  }

  private static String download(Invocation invocation, String url) throws IOException {
    return Work.done(
        invocation,
        "VM.import",
        List.of(
            new Value.Text(url),
            new Value.Text(repository(invocation)),
            Arguments.flag(invocation, "preserve"),
            Arguments.flag(invocation, "force")));
  }

  private static void convert(Invocation invocation) throws IOException {
    String _ =
        Work.done(
            invocation,
            "VM.import_convert",
            List.of(
                Arguments.text(invocation, "type"),
                new Value.Text(invocation.required("host-username")),
                new Value.Text(invocation.required("host-password")),
                new Value.Text(repository(invocation)),
                Arguments.map(invocation, "remote-config")));
  }
}
