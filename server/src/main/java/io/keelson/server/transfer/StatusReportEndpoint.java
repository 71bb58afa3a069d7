package io.keelson.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Host;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.host.StatusReport;
import io.keelson.host.Diagnostics.Subject;
import io.keelson.http.Route;
import io.keelson.image.Compressed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a host tells of itself, as archives: /system-status and /host_logs_download. */
public final class StatusReportEndpoint {
  private static final String LOGS = "xenserver-logs,system-logs";

  private final TransferEndpoint transfers;
  private final StatusReport report;
  private final Supplier<Ref<Host>> host;

  /**
   * @param host the one asked
   */
  public StatusReportEndpoint(
      TransferEndpoint transfers, StatusReport report, Supplier<Ref<Host>> host) {
    this.transfers = transfers;
    this.report = report;
    this.host = host;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "GET",
            "/system-status",
            HttpAction.GET_SYSTEM_STATUS,
            "host.get_system_status",
            this::status),
        transfers.route(
            "GET",
            "/host_logs_download",
            HttpAction.GET_HOST_LOGS_DOWNLOAD,
            "host.logs_download",
            this::logs));
  }

  private Reply status(TransferCall call) {
    String entries = call.parameter("entries").orElse("");
    String output = call.parameter("output").orElse("tar");
    return switch (output) {
      case "tar" -> send(call, entries, Compressed.PLAIN, "application/x-tar", "tar");
      case "tar.gz" -> send(call, entries, Compressed.GZIP, "application/x-gzip", "tar.gz");
      case "zip" -> zip(call, entries);
      default ->
          throw ApiErrors.systemStatusRetrievalFailed(
              "output is tar, tar.gz or zip, not " + output);
    };
  }

  private Reply logs(TransferCall call) {
    return send(call, LOGS, Compressed.GZIP, "application/x-gzip", "tar.gz");
  }

  private Reply send(
      TransferCall call, String entries, Compressed compression, String type, String suffix) {
    List<Subject> subjects = chosen(entries);
    try (OutputStream out =
        compression.compress(
            call.reply(type, Optional.of("system-status." + suffix), OptionalLong.empty()))) {
      report.writeTar(host.get(), subjects, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }

  private Reply zip(TransferCall call, String entries) {
    List<Subject> subjects = chosen(entries);
    try (ZipOutputStream zip =
        new ZipOutputStream(
            call.reply(
                "application/zip", Optional.of("system-status.zip"), OptionalLong.empty()))) {
      for (Subject subject : subjects) {
        for (Map.Entry<String, String> text : report.texts(host.get(), subject).entrySet()) {
          zip.putNextEntry(new ZipEntry(subject.key() + "/" + text.getKey()));
          zip.write(text.getValue().getBytes(UTF_8));
          zip.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }

  private List<Subject> chosen(String entries) {
    List<Subject> subjects = report.chosen(host.get(), entries);
    if (subjects.isEmpty()) {
      throw ApiErrors.systemStatusRetrievalFailed("no entries of that name: " + entries);
    }
    return subjects;
  }
}
