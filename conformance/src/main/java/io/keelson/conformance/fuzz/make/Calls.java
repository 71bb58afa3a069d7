package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Arguments;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Calls of every message, with parameters that fit and parameters that do not. */
final class Calls {
  private static final JsonNode SESSION = Draw.text("@{session}");

  /** The log as a task's result would be in whatever tells of tasks. */
  private static final String LOG = "host.get_log";

  private static final List<String> MORE =
      List.of("system.listMethods", "system.isAlive", "no.such", "VM", "VM.", ".", "VM.start.on");

  private final Surface surface;
  private final List<Message> messages;
  private final Arguments arguments;

  /** How bad the parameters of a call are. */
  private enum Fit {
    RIGHT,
    MIXED,
    WRONG
  }

  Calls(Surface surface) {
    this.surface = surface;
    this.messages =
        surface.messages().stream()
            .filter(m -> !m.removed())
            .sorted((a, b) -> a.wireName().compareTo(b.wireName()))
            .toList();
    this.arguments = new Arguments(surface);
  }

  /** A call of any message. */
  Request any(Dice dice) {
    if (dice.oneIn(150)) {
      String name = dice.oneIn(3) ? Oddities.text(dice) : dice.of(MORE);
      List<JsonNode> parameters = new ArrayList<>(List.of(SESSION));
      parameters.add(new Draw(surface, dice, true).any(3));
      return request(name, parameters, dice);
    }
    Message message = dice.of(messages);
    if (message.implicit() && dice.oneIn(2)) { // what does something is half of all
      message = dice.of(messages);
    }
    boolean login = message.name().contains("login");
    return of(login && !dice.oneIn(10) ? dice.of(messages) : message, dice);
  }

  /** A call of a message. */
  Request of(Message message, Dice dice) {
    Fit fit = dice.percent(62) ? Fit.RIGHT : dice.percent(60) ? Fit.MIXED : Fit.WRONG;
    boolean idle = Avoided.inEarnest(message.wireName());
    Draw draw = new Draw(surface, dice, Avoided.onOthers(message.wireName()));
    List<JsonNode> parameters = new ArrayList<>();
    if (message.session()) {
      parameters.add(session(message, idle, fit, dice));
    }
    List<JsonNode> idly = idle ? arguments.idle(message) : List.of();
    int given = message.mandatory();
    if (given < message.parameters().size()) {
      given += dice.below(message.parameters().size() - given + 1);
    }
    for (int i = 0; i < given; i++) {
      Message.Parameter parameter = message.parameters().get(i);
      boolean odd = fit == Fit.WRONG || (fit == Fit.MIXED && dice.oneIn(2));
      if (idle) {
        parameters.add(odd ? Arguments.wrong(parameter.type()) : dead(idly.get(i), dice));
      } else {
        parameters.add(odd ? draw.any(3) : draw.fitting(parameter.type(), parameter.name()));
      }
    }
    if (fit == Fit.WRONG && dice.oneIn(3)) {
      recount(parameters, draw, dice);
    }
    boolean async = message.async() && !idle && !message.wireName().equals(LOG) && dice.oneIn(5);
    return request((async ? "Async." : "") + message.wireName(), parameters, dice);
  }

  /** A reference to nothing that the seed decides. */
  private static JsonNode dead(JsonNode idle, Dice dice) {
    return idle.isString() && idle.asString().startsWith("OpaqueRef:")
        ? Draw.text("OpaqueRef:" + new UUID(dice.bits(), dice.bits()))
        : idle;
  }

  /** What would happen whatever the parameters are gets no session. */
  private static JsonNode session(Message message, boolean idle, Fit fit, Dice dice) {
    boolean none = idle && message.reference().isEmpty();
    return none || (fit == Fit.WRONG && dice.oneIn(10)) ? Draw.text("OpaqueRef:nobody") : SESSION;
  }

  private static void recount(List<JsonNode> parameters, Draw draw, Dice dice) {
    if (dice.oneIn(2) && !parameters.isEmpty()) {
      parameters.removeLast();
    } else {
      for (int i = 1 + dice.below(dice.oneIn(20) ? 2000 : 3); i > 0; i--) {
        parameters.add(draw.any(1));
      }
    }
  }

  /** A call in one of the formats. */
  static Request request(String name, List<JsonNode> parameters, Dice dice) {
    return dice.oneIn(2)
        ? Request.post(
            name,
            dice.of(List.of("/", "/RPC2", "/xmlrpc")),
            "text/xml",
            XmlBody.of(name, parameters, dice),
            Wanted.XML)
        : Request.post(
            name,
            dice.of(List.of("/jsonrpc", "/json")),
            "application/json",
            JsonBody.of(name, parameters, dice),
            Wanted.JSON);
  }
}
