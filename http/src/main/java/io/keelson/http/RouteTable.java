package io.keelson.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which target a request is for. */
final class RouteTable {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT");
  private static final Set<String> XML = Set.of("/", "/RPC2", "/RPC2/", "/xmlrpc", "/xmlrpc/");
  private static final Set<String> JSON = Set.of("/jsonrpc", "/jsonrpc/", "/json", "/json/");

  private final List<Route> routes;

  RouteTable(List<Route> routes) {
    this.routes =
        routes.stream()
            .sorted(Comparator.comparingInt((Route r) -> r.prefix().length()).reversed())
            .toList();
  }

  /** What a request asks for. */
  sealed interface Target {
    /** A call. */
    record Rpc(boolean json) implements Target {}

    /** A handler's path. */
    record Handled(Route route) implements Target {}

    /** What a browser asks before it posts. */
    record Options() implements Target {}

    /** A page, which may not exist. */
    record Page() implements Target {}

    /** Nothing takes this method at this path. */
    record Nowhere() implements Target {}

    /** No path takes this method. */
    record UnknownMethod() implements Target {}
  }

  Target target(String method, String path) {
    if (!METHODS.contains(method)) {
      return new Target.UnknownMethod();
    }
    if (method.equals("POST") && XML.contains(path)) {
      return new Target.Rpc(false);
    }
    if (method.equals("POST") && JSON.contains(path)) {
      return new Target.Rpc(true);
    }
    if (method.equals("OPTIONS")) {
      return new Target.Options();
    }
    boolean reads = method.equals("GET") || method.equals("HEAD");
    Optional<Target> handled =
        routes.stream()
            .filter(r -> r.method().equals(reads ? "GET" : method) && path.startsWith(r.prefix()))
            .findFirst()
            .map(Target.Handled::new);
    return handled.orElseGet(() -> reads ? new Target.Page() : new Target.Nowhere());
  }
}
