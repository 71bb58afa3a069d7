package io.keelson.host.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.host.Trust;
import io.keelson.host.pool.RemoteFailure.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A session with the coordinator of another pool, over TLS. */
public final class RemotePool implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LONGEST_ANSWER = 64L << 20;
  private static final int OK = 200;
  private static final int LAST_PORT = 65_535;

  private final HttpClient client;
  private final URI server;
  private final String session;

  private RemotePool(HttpClient client, URI server, String session) {
    this.client = client;
    this.server = server;
    this.session = session;
  }

  /**
   * Opens a session.
   *
   * @param address a name or number, with a port where that is not 443: {@code host:8443}
   * @throws RemoteFailure when it is none, the server cannot be reached or does not prove who it
   *     is, or will not have the caller
   */
  public static RemotePool login(Trust trust, String address, String user, String password) {
    URI server = uri(address);
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .build();
    try {
      Answered session =
          call(
              client,
              server,
              "session.login_with_password",
              List.of(user, password, "1.0", "pool.join"));
      if (session instanceof Answered.Text(String ref)) {
        return new RemotePool(client, server, ref);
      }
      throw new RemoteFailure(Reason.NO_SERVICE, "no session was opened");
    } catch (RemoteFailure failure) {
      client.shutdownNow();
      throw failure;
    }
  }

  private static URI uri(String address) {
    try {
      URI uri = new URI("https://" + address + "/jsonrpc");
      if (uri.getHost() == null || uri.getUserInfo() != null || uri.getPort() > LAST_PORT) {
        throw new RemoteFailure(Reason.UNREACHABLE, address + " is no address");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new RemoteFailure(Reason.UNREACHABLE, address + " is no address", e);
    }
  }

  /** Every object of a class, by reference. */
  public Answered records(String apiClass) {
    return call(client, server, apiClass + ".get_all_records", List.of(session));
  }

  private static Answered call(
      HttpClient client, URI server, String method, List<String> parameters) {
    HttpRequest request =
        HttpRequest.newBuilder(server)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(text(method, parameters), UTF_8))
            .build();
    try {
      HttpResponse<String> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), LONGEST_ANSWER));
      if (answer.statusCode() != OK) {
        throw new RemoteFailure(
            Reason.NO_SERVICE, "the server answers with status " + answer.statusCode());
      }
      return result(Answered.parse(answer.body()));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new RemoteFailure(Reason.NO_SERVICE, "the server does not speak XenAPI", e);
    } catch (IOException e) {
      boolean doubted =
          Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
              .anyMatch(CertificateException.class::isInstance);
      throw new RemoteFailure(
          doubted ? Reason.DOUBTED : Reason.UNREACHABLE, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemoteFailure(Reason.UNREACHABLE, "interrupted", e);
    }
  }

  private static Answered result(Answered answer) {
    List<String> error = answer.member("error").member("data").texts();
    String code = answer.member("error").text("message");
    if (!code.isEmpty()) {
      throw new RemoteFailure(Reason.REFUSED, code, error);
    }
    return answer.member("result");
  }

  private static String text(String method, List<String> parameters) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("jsonrpc", "2.0");
      json.writeStringProperty("method", method);
      json.writeArrayPropertyStart("params");
      parameters.forEach(json::writeString);
      json.writeEndArray();
      json.writeNumberProperty("id", 1);
      json.writeEndObject();
    }
    return out.toString();
  }

  /** Ends the session, if the server still answers. */
  @Override
  public void close() {
    try {
      Answered _ = call(client, server, "session.logout", List.of(session));
    } catch (RemoteFailure _) {
      // It ends by itself in time.
    } finally {
      client.shutdownNow();
    }
  }
}
