package io.keelson.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.cli.dispatch.CommandServer;
import io.keelson.cli.dispatch.Commands;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Gate;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.store.Store;
import java.io.IOException;
import java.util.List;

/**
 * POST /cli: a command of xe. The request's body has its words; then the connection speaks the thin
 * protocol, without a reply of HTTP before it. Commands log in by themselves.
 */
public final class CliEndpoint {
  private static final int LONGEST_REQUEST = 1 << 20;

  private final Commands commands = new Commands();
  private final Gate gate;
  private final Store store;

  public CliEndpoint(Gate gate, Store store) {
    this.gate = gate;
    this.store = store;
  }

  public List<Route> routes() {
    return List.of(new Route("POST", "/cli", "post_cli", AccessRole.READ_ONLY, true, this::answer));
  }

  private HttpAnswer answer(HttpCall call) throws IOException {
    byte[] body = call.body().readNBytes(LONGEST_REQUEST + 1);
    if (body.length > LONGEST_REQUEST) {
      return new HttpAnswer.Whole(
          413, "text/plain; charset=utf-8", "No command is that long.\n".getBytes(UTF_8));
    }
    CommandServer server =
        new CommandServer(commands, new GateServer(gate, store, new Caller(call.peer().origin())));
    return new HttpAnswer.Silent(
        (in, out) -> server.serve(new String(body, UTF_8), new ThinChannel(in, out)));
  }
}
