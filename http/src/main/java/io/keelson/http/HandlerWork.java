package io.keelson.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.http.Authenticator.Credentials;
import io.keelson.http.Authenticator.Verdict;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a handler: who sends it, whether that may be, and the handler itself. */
final class HandlerWork implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HandlerWork.class);

  private final Edge edge;
  private final HandlerLine line;
  private final Route route;
  private final RequestHead head;
  private final Peer peer;
  private final BytePipe body;
  private final StreamedExchange exchange;
  private Runnable end = () -> {};

  HandlerWork(
      Edge edge, HandlerLine line, Route route, RequestHead head, Peer peer, BytePipe body) {
    this.edge = edge;
    this.line = line;
    this.route = route;
    this.head = head;
    this.peer = peer;
    this.body = body;
    this.exchange = new StreamedExchange(line, head);
  }

  @Override
  public void run() {
    try (body) {
      switch (answer()) {
        case HttpAnswer.Whole whole -> {
          Map<String, String> headers = new LinkedHashMap<>();
          headers.put("content-type", whole.contentType());
          headers.putAll(whole.headers());
          line.respond(new Response(whole.status(), headers, whole.body(), false));
        }
        case HttpAnswer.TakeOver(int status, Map<String, String> headers, var conversation) ->
            line.converse(out -> ResponseHead.writeTakeOver(out, status, headers), conversation);
        case HttpAnswer.Silent(var conversation) -> line.converse(_ -> {}, conversation);
        case HttpAnswer.Begun(boolean whole) -> exchange.end(whole);
      }
    } catch (IOException e) {
      LOG.debug("A handler's client went away", e);
      line.close();
    } catch (RuntimeException bug) {
      LOG.error("A handler failed in a way it should not", bug);
      if (exchange.begun()) {
        line.reset();
      } else {
        line.respond(Pages.error(500, "See the server's log.").closing());
      }
    } finally {
      end.run();
    }
  }

  private HttpAnswer answer() throws IOException {
    Map<String, String> query = new HashMap<>();
    String path;
    try {
      var decoded = new QueryStringDecoder(head.target());
      path = decoded.path();
      decoded.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
    } catch (IllegalArgumentException _) {
      return page(Pages.error(400, "The URL is not valid."));
    }
    Map<String, String> headers = new HashMap<>();
    head.headers()
        .forEach(h -> headers.putIfAbsent(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    Map<String, String> cookies = cookies(head.headers());
    Credentials credentials = credentials(query, headers, cookies);
    String action = "http/" + route.action();
    HttpCall nobodys =
        new HttpCall(
            head.method(), path, query, headers, cookies, peer, Optional.empty(), body, exchange);
    Verdict verdict =
        route.open() && credentials instanceof Credentials.None
            ? new Verdict.Unknown()
            : edge.authenticator()
                .check(credentials, action, route.least(), peer, nobodys.parameter("task_id"));
    return switch (verdict) {
      case Verdict.Admitted(var session, Runnable atEnd) -> {
        end = atEnd;
        yield route.handler().handle(nobodys.of(session));
      }
      case Verdict.Unknown() when route.open() -> route.handler().handle(nobodys);
      case Verdict.Unknown() ->
          page(
              Pages.error(
                  401,
                  "Log in first.",
                  Map.of("WWW-Authenticate", "Basic realm=\"" + route.action() + "\"")));
      case Verdict.Forbidden() -> page(Pages.error(403, "Your role does not include this."));
    };
  }

  private static HttpAnswer page(Response page) {
    String type = page.headers().getOrDefault("content-type", "text/html");
    return new HttpAnswer.Whole(page.status(), type, page.headers(), page.body());
  }

  private static Credentials credentials(
      Map<String, String> query, Map<String, String> headers, Map<String, String> cookies) {
    Optional<String> session =
        Optional.ofNullable(cookies.get("session_id"))
            .or(() -> Optional.ofNullable(query.get("session_id")));
    if (session.isPresent()) {
      return new Credentials.Session(session.get());
    }
    String basic = headers.getOrDefault("authorization", "");
    if (!basic.regionMatches(true, 0, "Basic ", 0, 6)) {
      return new Credentials.None();
    }
    try {
      String pair = new String(Base64.getDecoder().decode(basic.substring(6).strip()), UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? new Credentials.None()
          : new Credentials.Basic(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException _) {
      return new Credentials.None();
    }
  }

  /** Cookies, parted by semicolons or, as old clients do, by ampersands. */
  private static Map<String, String> cookies(HttpHeaders headers) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String line : headers.getAll("cookie")) {
      for (String pair : line.split("[;&]")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          cookies.putIfAbsent(
              pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
      }
    }
    return cookies;
  }
}
