package io.keelson.conformance.cases;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.RawConnection;
import io.keelson.conformance.rpc.Server;
import io.keelson.conformance.rpc.Values;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Steps that are a request of HTTP, and no call. */
final class Requests {
  private static final JsonMapper JSON = new JsonMapper();

  private Requests() {}

  /** Sends what a step says; what comes back is a value like that of a call. */
  static Answer answer(Server server, Step step, Scope scope) throws Stop {
    byte[] request = request(server, step, scope);
    try (RawConnection exchange = server.connect()) {
      RawConnection.Reply reply = exchange.send(request);
      if (step.has("twice")) {
        reply = exchange.send(request);
      }
      if (step.has("ends") && !exchange.isEnded()) {
        return new Answer.Garbled("the server lets the connection be");
      }
      return new Answer.Success(value(reply));
    } catch (IOException e) {
      return new Answer.Garbled(e.toString());
    }
  }

  /** Sends what a step says, and leaves the answer where it is. */
  static RawConnection held(Server server, Step step, Scope scope) throws Stop {
    byte[] request = request(server, step, scope);
    try {
      RawConnection exchange = server.connect();
      exchange.begin(request);
      return exchange;
    } catch (IOException e) {
      throw new Stop.Wrong(e.toString());
    }
  }

  private static byte[] request(Server server, Step step, Scope scope) throws Stop {
    byte[] body = body(step, scope);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", server.url().getAuthority());
    if (step.has("json")) {
      headers.put("Content-Type", "application/json");
    }
    if (body.length > 0) {
      headers.put("Content-Length", Integer.toString(body.length));
    }
    if (step.has("headers")) {
      scope
          .resolve(step.get("headers").orElseThrow())
          .properties()
          .forEach(h -> headers.put(h.getKey(), Values.plain(h.getValue())));
    }
    String version = step.has("version") ? step.text("version") : "1.1";
    String target = scope.resolve(step.get("http").orElseThrow()).asString("");
    StringBuilder head = new StringBuilder(target + " HTTP/" + version + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static byte[] body(Step step, Scope scope) throws Stop {
    if (step.has("json")) {
      return scope.resolve(step.get("json").orElseThrow()).toString().getBytes(UTF_8);
    }
    if (!step.has("body")) {
      return new byte[0];
    }
    JsonNode body = scope.resolve(step.get("body").orElseThrow());
    return body.isBinary() ? body.binaryValue() : Values.plain(body).getBytes(UTF_8);
  }

  private static JsonNode value(RawConnection.Reply reply) {
    ObjectNode value = JsonNodeFactory.instance.objectNode().put("status", reply.status());
    reply.headers().forEach(value.putObject("headers")::put);
    boolean text =
        reply.headers().getOrDefault("content-type", "").matches("(?i).*(text|json|xml).*");
    value.put("text", text ? reply.text() : "");
    if (text) {
      try {
        value.set("json", JSON.readTree(reply.text()));
      } catch (JacksonException _) {
        value.remove("json"); // it is none
      }
    }
    value.set("bytes", JsonNodeFactory.instance.binaryNode(reply.body()));
    return value;
  }
}
