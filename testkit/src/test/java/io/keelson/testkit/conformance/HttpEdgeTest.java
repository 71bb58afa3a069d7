package io.keelson.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import io.keelson.testkit.wire.RawHttp.Response;
import io.keelson.testkit.wire.Values;
import io.keelson.testkit.wire.XmlRpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases 20 to 23, and what an edge on a hostile network has to stand. */
@RunsOn(hosts = 1)
class HttpEdgeTest {
  private static final String XML = "text/xml";
  private static final String CALL = XmlRpc.call("system.listMethods", List.of());

  private final ServerBox box;

  HttpEdgeTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void unknownFileIsNotFound() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send("GET /no/such/file HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(http.response().status()).isIn(403, 404);
    }
  }

  @Test
  void optionsAnswersWhatBrowsersAsk() throws IOException {
    for (String path : List.of("/", "/jsonrpc")) {
      try (RawHttp http = new RawHttp(box.api())) {
        http.send(
            "OPTIONS "
                + path
                + " HTTP/1.1\r\nHost: test\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
        Response response = http.response();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(response.header("access-control-allow-headers"))
            .isEqualTo("content-type, X-Requested-With");
        assertThat(response.header("access-control-allow-methods")).isEqualTo("PUT");
      }
    }
  }

  @Test
  void oldHttpIsClosedAndNewHttpIsKept() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send("POST / HTTP/1.0\r\nContent-Length: " + CALL.length() + "\r\n\r\n" + CALL);
      Response response = http.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("connection")).isEqualTo("close");
      assertThat(http.closed()).isTrue();
    }
    try (RawHttp http = new RawHttp(box.api())) {
      assertThat(http.post("/", XML, CALL).header("connection")).isEqualTo("keep-alive");
      assertThat(http.post("/", XML, CALL).status()).isEqualTo(200);
      assertThat(http.post("/", XML, CALL, "Connection: close").header("connection"))
          .isEqualTo("close");
      assertThat(http.closed()).isTrue();
    }
  }

  @Test
  void repliesCarryTheHeadersThatClientsKnow() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      Response response = http.post("/", XML, CALL);
      assertThat(response.header("cache-control")).isEqualTo("no-cache, no-store");
      assertThat(response.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(response.header("access-control-allow-headers")).isEqualTo("X-Requested-With");
    }
  }

  @Test
  void requestsInARowOnOneConnectionAreAnsweredInOrder() throws IOException {
    String one = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ";
    String unknown = XmlRpc.call("no.such", List.of());
    try (RawHttp http = new RawHttp(box.api())) {
      http.send(
          one + CALL.length() + "\r\n\r\n" + CALL + one + unknown.length() + "\r\n\r\n" + unknown);
      assertThat(http.response().text()).contains("VM.start");
      assertThat(http.response().text()).contains("MESSAGE_METHOD_UNKNOWN");
    }
  }

  @Test
  void repliesAreCompressedForThoseWhoAsk() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      Response response = http.post("/", XML, CALL, "Accept-Encoding: gzip");
      assertThat(response.header("content-encoding")).isEqualTo("gzip");
      String text =
          new String(
              new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(), UTF_8);
      assertThat(text).contains("<value>VM.start</value>");
      assertThat(http.post("/", XML, CALL).header("content-encoding")).isEmpty();
    }
  }

  @Test
  void unknownMethodOfHttpIsRefused() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send("BREW / HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(http.response().status()).isIn(405, 501);
    }
  }

  @Test
  void tooLargeABodyIsRefusedBeforeItIsSent() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4000000000\r\n\r\n<");
      assertThat(http.response().status()).isIn(400, 413, 500);
      assertThat(http.closed()).isTrue();
    }
  }

  @Test
  void tooLongAHeaderIsRefused() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send("GET / HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(200_000) + "\r\n\r\n");
      assertThat(http.response().status()).isIn(400, 431);
    } catch (IOException _) {
      // The connection may be closed while the header is still being sent.
      assertThat(box.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/9.9\r\n\r\n",
      })
  void whatIsNotHttpIsRefused(String bytes) throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      http.send(bytes);
      try {
        assertThat(http.response().status()).isBetween(400, 505);
      } catch (IOException e) {
        assertThat(http.closed()).isTrue();
      }
    }
    assertServes();
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    String deep = "<value><array><data>".repeat(5000) + "</data></array></value>".repeat(5000);
    try (RawHttp http = new RawHttp(box.api())) {
      String call = "<methodCall><methodName>VM.get_all</methodName><params><param>";
      assertThat(http.post("/", XML, call + deep + "</param></params></methodCall>").text())
          .contains("<fault>");
    }
    try (RawHttp http = new RawHttp(box.api())) {
      Response response =
          http.post("/jsonrpc", "application/json", "[".repeat(50_000) + "]".repeat(50_000));
      assertThat(response.text()).contains("error");
    }
    assertServes();
  }

  @Test
  void charactersThatXmlForbidsAreAnInvalidValue() {
    try (Api api = box.login(Format.JSON_RPC)) {
      assertThat(
              api.refusal(
                  "pool.set_name_description",
                  api.call("pool.get_all").get(0),
                  Values.text("bell \u0007")))
          .startsWith("INVALID_VALUE");
    }
  }

  @Test
  void secureConnectionsAreOfTheTwoNewVersions() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = tls(version)) {
        socket.startHandshake();
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        socket
            .getOutputStream()
            .write(
                ("POST / HTTP/1.0\r\nContent-Length: " + CALL.length() + "\r\n\r\n" + CALL)
                    .getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).contains("VM.start");
      }
    }
  }

  private SSLSocket tls(String version) throws Exception {
    URI address = box.tls().orElseThrow();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(address.getHost(), address.getPort());
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  /** The certificate was made by the server itself; that it is one is enough here. */
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      assertThat(chain).isNotEmpty();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private void assertServes() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      assertThat(http.post("/", XML, CALL).status()).isEqualTo(200);
    }
  }
}
