package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Host;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.host.StatusReport;
import io.keelson.host.Diagnostics.Subject;
import io.keelson.host.machine.Bzip2;
import io.keelson.http.Route;
import io.keelson.image.Compressed;
import io.keelson.image.tar.TarStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
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
      case "tar" -> send(call, entries, Compressed.PLAIN::compress, "application/x-tar", "tar");
      case "tar.gz" -> gzip(call, entries);
      case "tar.bz2" -> bzip2(call, entries);
      case "zip" -> zip(call, entries);
      default ->
          throw ApiErrors.systemStatusRetrievalFailed(
              "output is tar, tar.gz, tar.bz2 or zip, not " + output);
    };
  }

  private Reply logs(TransferCall call) {
    return gzip(call, LOGS);
  }

  private Reply gzip(TransferCall call, String entries) {
    return send(call, entries, Compressed.GZIP::compress, "application/x-gzip", "tar.gz");
  }

  private Reply bzip2(TransferCall call, String entries) {
    if (!Bzip2.isThere()) {
      throw ApiErrors.systemStatusRetrievalFailed("this host has no program bzip2");
    }
    return send(call, entries, Bzip2::to, "application/x-bzip2", "tar.bz2");
  }

  /** What a stream goes through. */
  @FunctionalInterface
  private interface Packing {
    OutputStream to(OutputStream out) throws IOException;
  }

  private Reply send(
      TransferCall call, String entries, Packing packing, String type, String suffix) {
    List<Subject> subjects = chosen(entries);
    try (OutputStream out =
        packing.to(
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
        for (TarStream.Part file : report.files(host.get(), subject)) {
          zip.putNextEntry(new ZipEntry(file.name()));
          try (InputStream content = file.content().get()) {
            long _ = content.transferTo(zip);
          }
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
