package io.keelson.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** GET /health: 200 when all is well, else 503; which parts are, in JSON. */
public final class HealthEndpoint {
  private static final JsonFactory JSON = new JsonFactory();

  private final Health health;

  public HealthEndpoint(Health health) {
    this.health = health;
  }

  public List<Route> routes() {
    return List.of(new Route("GET", "/health", "get_health", AccessRole.READ_ONLY, this::answer));
  }

  private HttpAnswer answer(HttpCall call) {
    List<Health.Check> checks = health.check();
    boolean healthy = checks.stream().allMatch(check -> check.trouble().isEmpty());
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeBooleanProperty("healthy", healthy);
      out.writeArrayPropertyStart("checks");
      for (Health.Check check : checks) {
        out.writeStartObject();
        out.writeStringProperty("part", check.part());
        out.writeBooleanProperty("healthy", check.trouble().isEmpty());
        check.trouble().ifPresent(why -> out.writeStringProperty("trouble", why));
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return new HttpAnswer.Whole(
        healthy ? 200 : 503, "application/json", text.toString().getBytes(UTF_8));
  }
}
