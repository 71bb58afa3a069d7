package io.keelson.server.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.control.console.ConsoleAccess;
import io.keelson.control.console.ConsoleAccess.Answer;
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
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects clients to consoles: with CONNECT the bytes are the console's own, with WebSocket they
 * are its binary messages.
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
    if (!call.path().equals(PATH)) {
      return refused(404, "There is nothing here.");
    }
    Optional<Answer> found =
        Optional.ofNullable(call.query().get("uuid"))
            .map(consoles::byUuid)
            .or(() -> Optional.ofNullable(call.query().get("ref")).map(consoles::byRef));
    if (found.isEmpty()) {
      return refused(400, "Name a console, or a VM, with ref= or uuid=.");
    }
    return switch (found.get()) {
      case Answer.Unknown() -> refused(404, "There is no such console.");
      case Answer.NotRunning() -> refused(404, "The console's VM does not run here.");
      case Answer.Open line -> open(line, takeOver);
    };
  }

  /** QEMU hears one client of a serial line, and lets others wait without a word. */
  private HttpAnswer open(Answer.Open line, Function<Conversation, HttpAnswer> takeOver) {
    boolean serial = line.protocol() == ConsoleProtocol.VT100;
    if (serial && !serialLines.take(line)) {
      return refused(503, "Somebody else is at this serial console.");
    }
    Runnable hungUp = serial ? () -> serialLines.giveBack(line) : () -> {};
    try {
      SocketChannel console = SocketChannel.open(UnixDomainSocketAddress.of(line.socket()));
      return takeOver.apply(new Relay(console, hungUp));
    } catch (IOException e) {
      hungUp.run();
      LOG.debug("The console of {} cannot be reached", line.vm(), e);
      return refused(404, "The console's VM has just ended.");
    }
  }

  private static HttpAnswer refused(int status, String why) {
    return new HttpAnswer.Whole(status, "text/plain; charset=utf-8", (why + "\n").getBytes(UTF_8));
  }
}
