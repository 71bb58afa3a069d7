package io.keelson.server.console;

import io.keelson.api.Ref;
import io.keelson.control.console.ConsoleAccess;
import io.keelson.control.console.ConsoleAnswer;
import io.keelson.control.gate.HttpAction;
import io.keelson.host.Picture;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.wire.Encoded;
import java.util.List;
import java.util.Map;

/** Shows what is on the screens of VMs: {@code /vncsnapshot}. */
public final class SnapshotEndpoint {
  private static final String PATH = "/vncsnapshot";

  private final ConsoleAccess consoles;

  public SnapshotEndpoint(ConsoleAccess consoles) {
    this.consoles = consoles;
  }

  public List<Route> routes() {
    HttpAction action = HttpAction.GET_VNCSNAPSHOT;
    return List.of(new Route("GET", PATH, "get_vncsnapshot", action.role(), this::show));
  }

  private HttpAnswer show(HttpCall call) {
    return ConsoleRequest.answer(
        call,
        PATH,
        wanted ->
            switch (consoles.picture(wanted, Ref.of(call.session().orElse("")))) {
              case ConsoleAnswer.Refused<Picture>(var why) -> ConsoleRequest.refused(why);
              case ConsoleAnswer.Granted<Picture>(Picture picture) ->
                  new HttpAnswer.Whole(
                      200,
                      "image/jpeg",
                      Map.of("cache-control", "no-cache, no-store"),
                      Encoded.of(Jpeg.of(picture)));
            });
  }
}
