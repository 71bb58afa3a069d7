package io.keelson.server.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.control.console.ConsoleAccess.Wanted;
import io.keelson.control.console.ConsoleAnswer.Why;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import java.util.Optional;
import java.util.function.Function;

/** What requests for consoles have in common: how they name one, and how they are refused. */
final class ConsoleRequest {
  private ConsoleRequest() {}

  /** Answers a request that names a console, and refuses others. */
  static HttpAnswer answer(HttpCall call, String path, Function<Wanted, HttpAnswer> answer) {
    if (!call.path().equals(path)) {
      return refused(404, "There is nothing here.");
    }
    return Optional.ofNullable(call.query().get("uuid"))
        .map(uuid -> new Wanted(uuid, true))
        .or(() -> Optional.ofNullable(call.query().get("ref")).map(ref -> new Wanted(ref, false)))
        .map(answer)
        .orElseGet(() -> refused(400, "Name a console, or a VM, with ref= or uuid=."));
  }

  static HttpAnswer refused(Why why) {
    return switch (why) {
      case UNKNOWN -> refused(404, "There is no such console.");
      case NOT_RUNNING -> refused(404, "The console's VM does not run here, or has no such one.");
      case NOT_OFFERED -> refused(404, "This host does not offer its own console.");
      case FORBIDDEN -> refused(403, "Your role does not include the consoles of hosts.");
      case FAILED -> refused(500, "The VM's host could not do it; see the server's log.");
    };
  }

  static HttpAnswer refused(int status, String why) {
    return new HttpAnswer.Whole(status, "text/plain; charset=utf-8", (why + "\n").getBytes(UTF_8));
  }
}
