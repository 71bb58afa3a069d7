package io.keelson.testkit.metrics;

import io.keelson.conformance.rpc.XmlText;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server gives at a path, asked for with a session or a password. */
final class Pages {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private final ServerBox box;
  private final HttpClient client = HttpClient.newHttpClient();

  Pages(ServerBox box) {
    this.box = box;
  }

  /** Without credentials. */
  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(box.api().resolve(path)).timeout(PATIENCE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** With a session. */
  HttpResponse<String> get(Api api, String path) {
    return get(path + (path.contains("?") ? "&" : "?") + "session_id=" + api.session().asString());
  }

  /** With root's password. */
  HttpResponse<String> asRoot(String path) {
    String pair = "root:" + ServerBox.PASSWORD;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return get(path, "Authorization", "Basic " + basic);
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  static Element xml(HttpResponse<String> answer) {
    return XmlText.read(answer.body());
  }

  /** The texts of all elements of a name. */
  static List<String> texts(Element xml, String name) {
    NodeList found = xml.getElementsByTagName(name);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }

  /** Names of an element's children, repeated ones once. */
  static List<String> shape(Element xml) {
    return XmlText.elements(xml).stream().map(Element::getTagName).distinct().toList();
  }
}
