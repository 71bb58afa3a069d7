package io.keelson.http;

import io.keelson.api.AccessRole;
import io.keelson.http.Authenticator.Credentials;
import io.keelson.http.Authenticator.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Servers on loopback for tests. */
final class TestServers {
  static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Knows session "admin", session "reader", and user root with password "pass:word". */
  static final Authenticator AUTHENTICATOR =
      (credentials, action, least, peer, task) ->
          switch (credentials) {
            case Credentials.Session(var ref) when ref.equals("admin") ->
                new Verdict.Admitted(Optional.of(ref), () -> {});
            case Credentials.Session(var ref) when ref.equals("reader") ->
                AccessRole.READ_ONLY.includes(least)
                    ? new Verdict.Admitted(Optional.of(ref), () -> {})
                    : new Verdict.Forbidden();
            case Credentials.Basic(var user, var password)
                when user.equals("root") && password.equals("pass:word") ->
                new Verdict.Admitted(Optional.empty(), () -> {});
            case Credentials.Session _, Credentials.Basic _, Credentials.None _ ->
                new Verdict.Unknown();
          };

  private TestServers() {}

  static HttpServer start(RpcEndpoint rpc, HttpLimits limits, Route... routes) throws IOException {
    return HttpServer.start(
        new HttpConfig(Optional.of(ANY), Optional.empty(), Optional.empty(), limits),
        rpc,
        AUTHENTICATOR,
        List.of(routes));
  }

  static HttpServer start(RpcEndpoint rpc, Route... routes) throws IOException {
    return start(rpc, HttpLimits.DEFAULT, routes);
  }

  /** The usual limits, with small sizes, and all times but those of idling and stalling short. */
  static HttpLimits strict(int connections, Duration request, Duration idle) {
    return new HttpLimits(
        connections,
        2_048,
        10_000,
        20_000,
        request,
        request,
        idle,
        Duration.ofMinutes(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        4 << 10);
  }

  static RawClient client(HttpServer server) throws IOException {
    return new RawClient(server.plainAddress().orElseThrow());
  }
}
