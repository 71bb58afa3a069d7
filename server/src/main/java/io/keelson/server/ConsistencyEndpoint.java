package io.keelson.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.host.Storage;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;

/** GET /consistency: 200 when the objects fit together, else 409; what does not, a line each. */
final class ConsistencyEndpoint {
  private static final String DISKS = "disks";

  private final Store store;
  private final Map<String, Storage> drivers;

  /**
   * @param drivers of repositories, by their types; asked for disks where the call wants it
   */
  ConsistencyEndpoint(Store store, Map<String, Storage> drivers) {
    this.store = store;
    this.drivers = drivers;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/consistency", "get_consistency", AccessRole.POOL_ADMIN, this::answer));
  }

  private HttpAnswer answer(HttpCall call) {
    boolean disks = call.parameter(DISKS).filter("true"::equals).isPresent();
    FsckReport report = FsckReport.of(store, disks ? DiskFiles.faults(store, drivers) : List.of());
    return new HttpAnswer.Whole(
        report.whole() ? 200 : 409, "text/plain; charset=utf-8", report.text().getBytes(UTF_8));
  }
}
