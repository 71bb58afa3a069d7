package io.keelson.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.DateText;
import io.keelson.api.Reply;
import io.keelson.control.audit.AuditLog;
import io.keelson.control.gate.HttpAction;
import io.keelson.http.Route;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** GET /audit_log: the audit log as text, from the time on that {@code since=} says. */
public final class AuditEndpoint {
  private static final String SINCE = "since";

  private final TransferEndpoint transfers;
  private final AuditLog log;

  public AuditEndpoint(TransferEndpoint transfers, AuditLog log) {
    this.transfers = transfers;
    this.log = log;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "GET", "/audit_log", HttpAction.GET_AUDIT_LOG, "Fetching the audit log", this::send));
  }

  private Reply send(TransferCall call) {
    Instant since =
        call.parameter(SINCE)
            .filter(text -> !text.isEmpty())
            .map(text -> DateText.parse(text, SINCE))
            .orElse(Instant.EPOCH);
    try (OutputStream out =
        new BufferedOutputStream(
            call.reply("text/plain; charset=utf-8", Optional.empty(), OptionalLong.empty()))) {
      log.read(since, line -> write(out, line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }

  private static void write(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
