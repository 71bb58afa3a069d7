package io.keelson.host.machine;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Power.Controller;
import io.keelson.host.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns a machine on through its management controller: iLO and iDRAC have both spoken DMTF Redfish
 * (DSP0266) for years. The first system that the controller has is the one meant.
 */
final class RedfishReset {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SYSTEMS = "/redfish/v1/Systems";
  private static final JsonFactory JSON = new JsonFactory();

  private RedfishReset() {}

  static void powerOn(Controller controller, Trust trust) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .sslContext(PinnedTls.context(controller.fingerprint(), trust))
            .build()) {
      String systems = answer(client, request(controller, SYSTEMS).GET().build());
      String reset = firstMember(systems) + "/Actions/ComputerSystem.Reset";
      String _ =
          answer(
              client,
              request(controller, reset)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"ResetType\":\"On\"}"))
                  .build());
    } catch (IOException | JacksonException e) {
      throw new DriverException(
          Reason.FAILED,
          "the management controller cannot be reached: "
              + Optional.ofNullable(e.getMessage()).orElse("no connection"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted", e);
    }
  }

  /** The path of the first thing in a Redfish collection. */
  static String firstMember(String collection) {
    boolean within = false;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), collection)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME) {
          within |= parser.currentName().equals("Members");
          boolean path = within && parser.currentName().equals("@odata.id");
          if (path && parser.nextToken() == JsonToken.VALUE_STRING) {
            return parser.getString().replaceFirst("/$", "");
          }
        }
      }
    }
    throw new DriverException(Reason.FAILED, "the management controller names no system");
  }

  private static String answer(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new DriverException(
          Reason.FAILED,
          "the management controller answers %s with status %d"
              .formatted(request.uri().getPath(), response.statusCode()));
    }
    return response.body();
  }

  private static HttpRequest.Builder request(Controller controller, String path) {
    String login = controller.user() + ":" + controller.password();
    URI uri = controller.controller().resolve(path);
    return HttpRequest.newBuilder(uri)
        .timeout(PATIENCE)
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
  }
}
