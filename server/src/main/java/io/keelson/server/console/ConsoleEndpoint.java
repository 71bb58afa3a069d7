package io.keelson.server.console;

import io.keelson.api.AccessRole;
import io.keelson.api.Ref;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.api.model.Session;
import io.keelson.control.console.ConsoleAccess;
import io.keelson.control.console.ConsoleAccess.Line;
import io.keelson.control.console.ConsoleAnswer;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpAnswer.Conversation;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.http.websocket.Handshake;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects clients to consoles: with CONNECT the bytes are the console's own, with WebSocket they
 * are its binary messages. A line ends with the session that it was opened in.
 */
public final class ConsoleEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleEndpoint.class);
  private static final String PATH = "/console";
  private static final String ACTION = "connect_console";

  private final ConsoleAccess consoles;
  private final SerialLines serialLines = new SerialLines();

  public ConsoleEndpoint(ConsoleAccess consoles) {
    this.consoles = consoles;
  }

  public List<Route> routes() {
    return List.of(
        new Route("CONNECT", PATH, ACTION, AccessRole.VM_OPERATOR, this::connect),
        new Route("GET", PATH, ACTION, AccessRole.VM_OPERATOR, this::webSocket));
  }

  private HttpAnswer connect(HttpCall call) {
    return open(call, talk -> new HttpAnswer.TakeOver(200, Map.of(), talk));
  }

  private HttpAnswer webSocket(HttpCall call) {
    return switch (Handshake.of(call)) {
      case Handshake.Refused(HttpAnswer answer) -> answer;
      case Handshake.Accepted accepted -> open(call, accepted::takeOver);
    };
  }

  private HttpAnswer open(HttpCall call, Function<Conversation, HttpAnswer> takeOver) {
    Ref<Session> caller = Ref.of(call.session().orElse(""));
    return ConsoleRequest.answer(
        call,
        PATH,
        wanted ->
            switch (consoles.line(wanted, caller)) {
              case ConsoleAnswer.Refused<Line>(var why) -> ConsoleRequest.refused(why);
              case ConsoleAnswer.Granted<Line>(Line line) -> open(call, caller, line, takeOver);
            });
  }

  /** QEMU hears one client of a serial line, and lets others wait without a word. */
  private HttpAnswer open(
      HttpCall call, Ref<Session> caller, Line line, Function<Conversation, HttpAnswer> takeOver) {
    boolean serial = line.protocol() == ConsoleProtocol.VT100;
    if (serial && !serialLines.take(line)) {
      return ConsoleRequest.refused(503, "Somebody else is at this serial console.");
    }
    Runnable hungUp = serial ? () -> serialLines.giveBack(line) : () -> {};
    try {
      SocketChannel console = SocketChannel.open(UnixDomainSocketAddress.of(line.socket()));
      return takeOver.apply(
          new Relay(
              console, cut -> consoles.whenEnds(caller, cut), call.exchange()::hangUp, hungUp));
    } catch (IOException e) {
      hungUp.run();
      LOG.debug("The console of {} cannot be reached", line.vm(), e);
      return ConsoleRequest.refused(404, "The console's VM has just ended.");
    }
  }
}
