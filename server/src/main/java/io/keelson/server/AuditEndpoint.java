package io.keelson.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiError;
import io.keelson.api.DateText;
import io.keelson.control.audit.AuditLog;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** GET /audit_log: the audit log as text, from the time on that {@code since=} says. */
final class AuditEndpoint {
  private static final String SINCE = "since";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final AuditLog log;

  AuditEndpoint(AuditLog log) {
    this.log = log;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/audit_log", "get_audit_log", AccessRole.READ_ONLY, this::send));
  }

  private HttpAnswer send(HttpCall call) throws IOException {
    Instant since;
    try {
      String text = call.query().getOrDefault(SINCE, "");
      since = text.isEmpty() ? Instant.EPOCH : DateText.parse(text, SINCE);
    } catch (ApiError _) {
      return new HttpAnswer.Whole(400, TEXT, "since= is a date, or empty.\n".getBytes(UTF_8));
    }
    try (OutputStream out =
        new BufferedOutputStream(
            call.exchange().begin(200, Map.of("content-type", TEXT), OptionalLong.empty()))) {
      log.read(since, line -> write(out, line));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new HttpAnswer.Begun(true);
  }

  private static void write(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
