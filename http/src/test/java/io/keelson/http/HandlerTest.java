package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.wire.Encoded;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Paths with handlers: who may use them, and bytes both ways. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandlerTest {
  private static final String HOST = " HTTP/1.1\r\nHost: h\r\n";

  private final HttpServer server;

  HandlerTest() throws IOException {
    server =
        TestServers.start(
            new TestEndpoint(),
            new Route("GET", "/what", "get_what", AccessRole.READ_ONLY, HandlerTest::what),
            new Route("GET", "/what/more", "get_more", AccessRole.POOL_ADMIN, HandlerTest::what),
            new Route("PUT", "/sum", "put_sum", AccessRole.VM_ADMIN, HandlerTest::sum),
            new Route("CONNECT", "/console", "connect", AccessRole.VM_OPERATOR, HandlerTest::echo));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void whoMayUseThem() throws IOException {
    String basic = Base64.getEncoder().encodeToString("root:pass:word".getBytes(UTF_8));
    RawClient.Answer nobody = once("GET /what" + HOST + "\r\n");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.headers()).containsEntry("www-authenticate", "Basic realm=\"get_what\"");
    assertThat(once("GET /what?session_id=nobody" + HOST + "\r\n").status()).isEqualTo(401);
    assertThat(once("GET /what" + HOST + "Authorization: Basic ???\r\n\r\n").status())
        .isEqualTo(401);
    assertThat(once("GET /what?session_id=reader" + HOST + "\r\n").text())
        .isEqualTo("reader /what");
    assertThat(once("GET /what/else?session_id=reader" + HOST + "\r\n").text())
        .isEqualTo("reader /what/else");
    assertThat(once("GET /what/more?session_id=reader" + HOST + "\r\n").status()).isEqualTo(403);
    assertThat(once("GET /what/more?session_id=admin" + HOST + "\r\n").status()).isEqualTo(200);
    assertThat(
            once("GET /what?session_id=nobody" + HOST + "Cookie: a=b; session_id=reader\r\n\r\n")
                .status())
        .isEqualTo(200);
    assertThat(once("GET /what" + HOST + "Cookie: a=b&session_id=reader\r\n\r\n").status())
        .isEqualTo(200);
    assertThat(once("GET /what" + HOST + "Authorization: Basic " + basic + "\r\n\r\n").text())
        .isEqualTo("- /what");
    assertThat(once("PUT /what?session_id=admin" + HOST + "Content-Length: 0\r\n\r\n").status())
        .isEqualTo(403);
  }

  @Test
  void connectionIsKeptBetweenHandlers() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.exchange("GET /what?session_id=admin" + HOST + "\r\n").status())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void bodiesOfAnyLengthAreStreamed() throws IOException {
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) 7);
    int parts = 20;
    var sum = new CRC32();
    for (int i = 0; i < parts; i++) {
      sum.update(part);
    }
    try (RawClient client = TestServers.client(server)) {
      for (int round = 0; round < 2; round++) {
        client.send(
            "PUT /sum?session_id=admin"
                + HOST
                + "Content-Length: "
                + parts * part.length
                + "\r\n\r\n");
        OutputStream out = client.socket.getOutputStream();
        for (int i = 0; i < parts; i++) {
          out.write(part);
        }
        assertThat(client.answer().text()).isEqualTo(Long.toString(sum.getValue()));
      }
    }
  }

  @Test
  void connectCarriesBytesBothWays() throws IOException {
    for (String version : new String[] {"HTTP/1.0\r\n", "HTTP/1.1\r\nHost: h\r\n"}) {
      try (RawClient client = TestServers.client(server)) {
        client.send("CONNECT /console?ref=x&session_id=admin " + version + "\r\n" + "early");
        assertThat(client.answer(false).statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(client.in().readNBytes(5)).isEqualTo("early".getBytes(US_ASCII));
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        Thread sender = Thread.ofVirtual().start(() -> write(client, bytes));
        assertThat(client.in().readNBytes(bytes.length)).isEqualTo(bytes);
        assertThat(sender).isNotNull();
        client.socket.shutdownOutput();
        assertThat(client.isEnded()).isTrue();
      }
    }
    assertThat(once("CONNECT /console HTTP/1.0\r\n\r\n").status()).isEqualTo(401);
  }

  @Test
  void metrics() throws IOException {
    assertThat(once("GET /metrics" + HOST + "\r\n").status()).isEqualTo(401);
    RawClient.Answer answer = once("GET /metrics?session_id=reader" + HOST + "\r\n");
    assertThat(answer.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
    assertThat(answer.text()).contains("# TYPE keelson_http_connections gauge\n");
    assertThat(answer.text()).containsPattern("\nkeelson_http_connections_total [1-9]");
  }

  /** A value that a handler takes from its caller cannot add header lines. */
  @Test
  void headersCannotBeForged() throws IOException {
    RawClient.Answer answer =
        once("GET /what?session_id=admin&x=a%0d%0aSet-Cookie:b" + HOST + "\r\n");
    assertThat(answer.headers()).doesNotContainKey("set-cookie").containsKey("x-echo");
  }

  private static HttpAnswer what(HttpCall call) {
    return new HttpAnswer.Whole(
        200,
        "text/plain",
        Map.of("x-echo", call.parameter("x").orElse("")),
        Encoded.of((call.session().orElse("-") + " " + call.path()).getBytes(UTF_8)));
  }

  private static HttpAnswer sum(HttpCall call) throws IOException {
    var sum = new CRC32();
    byte[] part = new byte[8_192];
    for (int size = call.body().read(part); size >= 0; size = call.body().read(part)) {
      sum.update(part, 0, size);
    }
    return new HttpAnswer.Whole(200, "text/plain", Long.toString(sum.getValue()).getBytes(UTF_8));
  }

  private static HttpAnswer echo(HttpCall call) {
    return new HttpAnswer.TakeOver(200, Map.of(), (in, out) -> in.transferTo(out));
  }

  private static void write(RawClient client, byte[] bytes) {
    try {
      client.socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private RawClient.Answer once(String request) throws IOException {
    try (RawClient client = TestServers.client(server)) {
      return client.exchange(request);
    }
  }
}
