package io.keelson.conformance.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Server;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cases of the HTTP around the calls, which steps of calls cannot tell. */
public final class EdgeCases {
  private static final JsonMapper JSON = new JsonMapper();

  private final Server server;
  private final Tally tally;
  private final String basic;

  public EdgeCases(Server server, Tally tally, String user, String password) {
    this.server = server;
    this.tally = tally;
    String both = user + ":" + password;
    this.basic = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  /** What is asked of a response. */
  @FunctionalInterface
  private interface Right {
    boolean test(HttpResponse<String> response);
  }

  /** Runs them all. */
  public void run() {
    see(
        "a file that is not there",
        "GET",
        "/no-such-file",
        Map.of(),
        "",
        r -> r.statusCode() == 404);
    see(
        "a browser asks whether it may call",
        "OPTIONS",
        "/",
        Map.of("Access-Control-Request-Headers", "x-one"),
        "",
        r -> r.statusCode() == 200 && has(r, "access-control-allow-origin", "*"));
    String rrd = "/rrd_updates";
    see(
        "a transfer by nobody",
        "GET",
        rrd + "?start=0",
        Map.of(),
        "",
        r -> r.statusCode() == 401 && has(r, "www-authenticate", "Basic realm="));
    Map<String, String> known = Map.of("Authorization", basic);
    see(
        "a transfer by name and password",
        "GET",
        rrd + "?start=0",
        known,
        "",
        r -> r.statusCode() == 200);
    see("statistics since no time", "GET", rrd, known, "", r -> r.statusCode() == 400);
    see(
        "an older JSON-RPC",
        "POST",
        "/jsonrpc",
        Map.of("Content-Type", "application/json"),
        "{\"method\":\"system.listMethods\",\"params\":[],\"id\":\"seven\"}",
        r -> {
          JsonNode reply = JSON.readTree(r.body());
          return reply.path("error").isNull()
              && reply.path("result").isArray()
              && reply.path("id").asString("").equals("seven");
        });
    see(
        "an error in JSON-RPC 2.0",
        "POST",
        "/jsonrpc",
        Map.of("Content-Type", "application/json"),
        "{\"jsonrpc\":\"2.0\",\"method\":\"VM.get_all\",\"params\":[\"none\"],\"id\":3}",
        r -> {
          JsonNode error = JSON.readTree(r.body()).path("error");
          return error.path("code").asInt() == 1
              && error.path("message").asString("").equals("SESSION_INVALID")
              && error.path("data").path(0).asString("").equals("none");
        });
  }

  private static boolean has(HttpResponse<String> response, String header, String start) {
    return response.headers().firstValue(header).filter(v -> v.startsWith(start)).isPresent();
  }

  private void see(
      String name,
      String verb,
      String path,
      Map<String, String> headers,
      String body,
      Right right) {
    Optional<String> objection;
    try {
      HttpResponse<String> response = server.send(verb, path, headers, body);
      objection =
          right.test(response)
              ? Optional.empty()
              : Optional.of("HTTP " + response.statusCode() + " " + response.headers().map());
    } catch (IOException e) {
      objection = Optional.of(e.toString());
    }
    tally.seen(Subject.of(Kind.CASE, name), objection);
  }
}
