package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.http.websocket.Handshake;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** WebSockets from their first request to their end, with a client of another make. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketTest {
  private static final String START =
      "GET /echo?session_id=admin HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n";
  private static final String KEY =
      "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";

  private final HttpServer server;

  WebSocketTest() throws IOException {
    server =
        TestServers.start(
            new TestEndpoint(),
            new Route("GET", "/echo", "get_echo", AccessRole.READ_ONLY, WebSocketTest::echo));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static HttpAnswer echo(HttpCall call) {
    return switch (Handshake.of(call)) {
      case Handshake.Refused(HttpAnswer answer) -> answer;
      case Handshake.Accepted accepted -> accepted.takeOver((in, out) -> in.transferTo(out));
    };
  }

  @Test
  void handshakeIsThatOfTheRfc() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send(START + KEY + VERSION + "Sec-WebSocket-Protocol: base64, binary\r\n\r\n");
      RawClient.Answer answer = client.answer(false);
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(answer.headers())
          .containsEntry("upgrade", "websocket")
          .containsEntry("connection", "Upgrade")
          .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
          .containsEntry("sec-websocket-protocol", "binary");
      client.socket.shutdownOutput();
      assertThat(client.in().readAllBytes()).containsExactly(0x88, 0x02, 0x03, 0xE8);
    }
  }

  @Test
  void subprotocolIsNamedOnlyWhenItWasOffered() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send(START + KEY + VERSION + "Sec-WebSocket-Protocol: base64\r\n\r\n");
      assertThat(client.answer(false).headers()).doesNotContainKey("sec-websocket-protocol");
    }
  }

  @Test
  void requestsThatAreNoHandshakeAreRefused() throws IOException {
    RawClient.Answer plain = once("GET /echo?session_id=admin HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(plain.status()).isEqualTo(426);
    assertThat(plain.headers()).containsEntry("upgrade", "websocket");
    RawClient.Answer old = once(START + KEY + "Sec-WebSocket-Version: 8\r\n\r\n");
    assertThat(old.status()).isEqualTo(426);
    assertThat(old.headers()).containsEntry("sec-websocket-version", "13");
    assertThat(once(START + KEY.replace("==", "") + VERSION + "\r\n").status()).isEqualTo(400);
    assertThat(once(START + KEY.replace("dGhl", "") + VERSION + "\r\n").status()).isEqualTo(400);
    assertThat(once(START + KEY + VERSION + "Content-Length: 2\r\n\r\nxx").status()).isEqualTo(400);
    assertThat(once((START + KEY + VERSION + "\r\n").replace("=admin", "=nobody")).status())
        .isEqualTo(401);
  }

  @Test
  void pageOfAnotherSiteNeedsASessionOfItsOwn() throws IOException {
    String evil = "Origin: https://evil.example\r\n";
    String cookie = "Cookie: session_id=admin\r\n";
    assertThat(once(START + KEY + VERSION + evil + cookie + "\r\n").status()).isEqualTo(403);
    assertThat(status(START + KEY + VERSION + evil + "\r\n")).isEqualTo(101);
    assertThat(status(START + KEY + VERSION + "Origin: https://h\r\n" + cookie + "\r\n"))
        .isEqualTo(101);
  }

  @Test
  void bytesGoBothWaysAndBothSidesClose() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Received received = new Received(bytes.length);
    URI uri =
        URI.create(
            "ws://127.0.0.1:"
                + server.plainAddress().orElseThrow().getPort()
                + "/echo?session_id=admin");
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .subprotocols("binary")
              .buildAsync(uri, received)
              .get(30, TimeUnit.SECONDS);
      assertThat(socket.getSubprotocol()).isEqualTo("binary");
      socket.sendBinary(ByteBuffer.wrap(bytes, 0, 1_000), false).get(30, TimeUnit.SECONDS);
      socket.sendPing(ByteBuffer.wrap("alive".getBytes(US_ASCII))).get(30, TimeUnit.SECONDS);
      socket
          .sendBinary(ByteBuffer.wrap(bytes, 1_000, bytes.length - 1_000), true)
          .get(30, TimeUnit.SECONDS);
      assertThat(received.all.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
      assertThat(received.pong.get(30, TimeUnit.SECONDS)).isEqualTo("alive");
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
      assertThat(received.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
    }
  }

  private static final class Received implements WebSocket.Listener {
    final CompletableFuture<byte[]> all = new CompletableFuture<>();
    final CompletableFuture<String> pong = new CompletableFuture<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteBuffer bytes;

    Received(int expected) {
      this.bytes = ByteBuffer.allocate(expected);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes.put(data);
      if (!bytes.hasRemaining()) {
        all.complete(bytes.array());
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      pong.complete(US_ASCII.decode(message).toString());
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }
  }

  private RawClient.Answer once(String request) throws IOException {
    try (RawClient client = TestServers.client(server)) {
      return client.exchange(request);
    }
  }

  private int status(String request) throws IOException {
    try (RawClient client = TestServers.client(server)) {
      return client.send(request).answer(false).status();
    }
  }
}
