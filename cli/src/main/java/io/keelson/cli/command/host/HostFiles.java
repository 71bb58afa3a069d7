package io.keelson.cli.command.host;

import static io.keelson.cli.command.Command.Mark.HOST_SELECTORS;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Selection;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Backups, logs and reports of hosts, and dumps of their crashes. */
public final class HostFiles {
  private static final List<String> FILE = List.of("file-name");
  private static final List<String> TO = List.of("url", "http_proxy");
  private static final Set<String> FORMATS = Set.of("tar", "tar.gz", "tar.bz2", "zip");
  private static final DateTimeFormatter NOW = DateTimeFormatter.ofPattern("yyyy-M-d'T'HHmmss'Z'");

  private HostFiles() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "host-backup",
            FILE,
            List.of(),
            "Fetches a backup of what a host's toolstack keeps. Whoever has it has the pool's"
                + " passwords.",
            HostFiles::backUp,
            HOST_SELECTORS),
        Command.of(
            "host-restore",
            FILE,
            List.of(),
            "Sends a backup back. It takes effect with the toolstack's next start.",
            HostFiles::restore,
            HOST_SELECTORS),
        Command.of(
            "host-logs-download",
            List.of(),
            FILE,
            "Fetches the logs of hosts.",
            HostFiles::fetchLogs,
            HOST_SELECTORS),
        Command.of(
            "host-get-system-status",
            List.of("filename"),
            List.of("entries", "output"),
            "Fetches a report of a host's status: entries are subjects with commas between them,"
                + " output is tar.bz2, as it usually is, tar, tar.gz or zip.",
            HostFiles::fetchStatus,
            HOST_SELECTORS),
        Command.of(
            "host-bugreport-upload",
            List.of(),
            TO,
            "Sends a report of a host's status to a server.",
            HostFiles::report,
            HOST_SELECTORS),
        Command.of(
            "host-crashdump-upload",
            List.of("uuid"),
            TO,
            "Sends the dump of a host's crash to a server.",
            HostFiles::sendDump),
        Command.onOne(
            "host-crashdump-destroy",
            "Removes the dump of a host's crash.",
            "host_crashdump.destroy"));
  }

  private static void backUp(Invocation invocation) throws IOException {
    String file = invocation.required("file-name");
    Selection.ofHost(
        invocation,
        Set.of("file-name"),
        _ ->
            FileTransfer.fetch(invocation, "host backup download", file, "/host_backup", Map.of()));
  }

  private static void restore(Invocation invocation) throws IOException {
    String file = invocation.required("file-name");
    Selection.ofHost(
        invocation,
        Set.of("file-name"),
        _ -> FileTransfer.send(invocation, "host backup upload", file, "/host_restore", Map.of()));
  }

  private static void fetchLogs(Invocation invocation) throws IOException {
    String file =
        invocation
            .get("file-name")
            .orElseGet(() -> "logs-" + NOW.format(ZonedDateTime.now(ZoneOffset.UTC)));
    Selection.ofHosts(
        invocation,
        Set.of("file-name"),
        host ->
            FileTransfer.fetch(
                invocation,
                "host logs download",
                ofOne(invocation, file, host),
                "/host_logs_download",
                Map.of()));
  }

  /** The files of several hosts have their names at the end. */
  private static String ofOne(Invocation invocation, String file, Item host) {
    return invocation.flag("multiple")
        ? file + "-" + RecordKinds.HOST.named("name-label").of(host)
        : file;
  }

  private static void fetchStatus(Invocation invocation) throws IOException {
    String file = invocation.required("filename");
    String output = invocation.get("output").orElse("tar.bz2");
    if (!FORMATS.contains(output)) {
      throw CommandException.failed(
          "Invalid output format. Must be 'tar', 'tar.gz', 'zip' or 'tar.bz2'");
    }
    Selection.ofHosts(
        invocation,
        Set.of("filename", "entries", "output"),
        host ->
            FileTransfer.fetch(
                invocation,
                "system-status download",
                ofOne(invocation, file, host),
                "/system-status",
                Map.of("entries", invocation.get("entries").orElse(""), "output", output)));
  }

  private static void report(Invocation invocation) throws IOException {
    Selection.ofHosts(
        invocation,
        Set.copyOf(TO),
        host -> Work.done(invocation, "host.bugreport_upload", where(invocation, host.ref())));
  }

  private static void sendDump(Invocation invocation) throws IOException {
    String dump = Arguments.object(invocation, "host_crashdump", "uuid");
    Work.done(invocation, "host_crashdump.upload", where(invocation, dump));
  }

  private static List<Value> where(Invocation invocation, String ref) {
    Map<String, String> options =
        invocation.get("http_proxy").map(proxy -> Map.of("http_proxy", proxy)).orElse(Map.of());
    return List.of(new Value.Text(ref), Arguments.text(invocation, "url"), Values.of(options));
  }
}
