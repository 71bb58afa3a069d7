package io.keelson.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.store.Store;
import java.util.List;

/** GET /consistency: 200 when the objects fit together, else 409; what does not, a line each. */
final class ConsistencyEndpoint {
  private final Store store;

  ConsistencyEndpoint(Store store) {
    this.store = store;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/consistency", "get_consistency", AccessRole.POOL_ADMIN, this::answer));
  }

  private HttpAnswer answer(HttpCall call) {
    FsckReport report = FsckReport.of(store);
    return new HttpAnswer.Whole(
        report.whole() ? 200 : 409, "text/plain; charset=utf-8", report.text().getBytes(UTF_8));
  }
}
