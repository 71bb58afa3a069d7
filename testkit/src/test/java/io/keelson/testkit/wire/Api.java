package io.keelson.testkit.wire;

import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The API as a client that is logged in has it. */
public final class Api implements AutoCloseable {
  private static final Duration LONGEST_TASK = Duration.ofSeconds(60);
  private static final List<String> UNFINISHED = List.of("pending", "cancelling");

  private final Wire wire;
  private final JsonNode session;

  private Api(Wire wire, JsonNode session) {
    this.wire = wire;
    this.session = session;
  }

  /** Logs in as root. */
  public static Api login(Wire wire, String password) {
    List<JsonNode> names = List.of(text("root"), text(password), text("1.0"), text("testkit"));
    return switch (wire.call("session.login_with_password", names)) {
      case Answer.Success(JsonNode session) -> new Api(wire, session);
      case Answer.Failure(List<String> why) ->
          throw new Refused("session.login_with_password", why);
    };
  }

  /** Calls within a session that is open already. */
  public static Api within(Wire wire, JsonNode session) {
    return new Api(wire, session);
  }

  public Wire wire() {
    return wire;
  }

  public JsonNode session() {
    return session;
  }

  /** Makes a call within the session. */
  public Answer answer(String method, JsonNode... parameters) {
    List<JsonNode> all = new ArrayList<>();
    all.add(session);
    all.addAll(List.of(parameters));
    return wire.call(method, all);
  }

  /** Makes a call that is to succeed, and gives its value. */
  public JsonNode call(String method, JsonNode... parameters) {
    return switch (answer(method, parameters)) {
      case Answer.Success(JsonNode value) -> value;
      case Answer.Failure(List<String> why) -> throw new Refused(method, why);
    };
  }

  /** Makes a call that is to succeed, and gives its value as text. */
  public String read(String method, JsonNode... parameters) {
    return call(method, parameters).asString();
  }

  /** Makes a call that is to be refused, and gives its code and parameters. */
  public List<String> refusal(String method, JsonNode... parameters) {
    return switch (answer(method, parameters)) {
      case Answer.Success(JsonNode value) ->
          fail(method + " was not refused but answered " + value);
      case Answer.Failure(List<String> why) -> why;
    };
  }

  /** Makes an asynchronous call, waits for its end and gives the task's record. */
  public JsonNode finish(String method, JsonNode... parameters) {
    JsonNode task = call(method, parameters);
    await()
        .atMost(LONGEST_TASK)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !UNFINISHED.contains(read("task.get_status", task)));
    return call("task.get_record", task);
  }

  @Override
  public void close() {
    answer("session.logout");
  }
}
