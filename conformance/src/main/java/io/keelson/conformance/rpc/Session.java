package io.keelson.conformance.rpc;

import static io.keelson.conformance.rpc.Values.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The API as a client that is logged in has it. */
public final class Session implements AutoCloseable {
  private final Server server;
  private final Format format;
  private final JsonNode reference;

  public Session(Server server, Format format, JsonNode reference) {
    this.server = server;
    this.format = format;
    this.reference = reference;
  }

  /**
   * Logs in.
   *
   * @throws LoginException when the server refuses
   */
  public static Session login(Server server, Format format, String user, String password)
      throws LoginException {
    List<JsonNode> names =
        List.of(text(user), text(password), text("1.0"), text("keelson-conformance"));
    Answer answer = server.call(format, "session.login_with_password", names);
    if (answer instanceof Answer.Success(JsonNode session)) {
      return new Session(server, format, session);
    }
    throw new LoginException(server.url() + " does not let " + user + " in: " + answer.told());
  }

  /** The same session in another format. */
  public Session in(Format other) {
    return new Session(server, other, reference);
  }

  public Server server() {
    return server;
  }

  public Format format() {
    return format;
  }

  public JsonNode reference() {
    return reference;
  }

  /** Makes a call within the session. */
  public Answer answer(String method, List<JsonNode> parameters) {
    List<JsonNode> all = new ArrayList<>();
    all.add(reference);
    all.addAll(parameters);
    return server.call(format, method, all);
  }

  public Answer answer(String method, JsonNode... parameters) {
    return answer(method, List.of(parameters));
  }

  /** The value of a call, if it succeeds. */
  public Optional<JsonNode> value(String method, JsonNode... parameters) {
    return answer(method, parameters) instanceof Answer.Success(JsonNode value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The texts of a set that a call answers with; none where it is refused. */
  public List<String> texts(String method, JsonNode... parameters) {
    return value(method, parameters).stream()
        .flatMap(JsonNode::valueStream)
        .map(Values::plain)
        .toList();
  }

  @Override
  public void close() {
    answer("session.logout");
  }
}
