package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keelson.api.AccessRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Replies that are made while they are sent, and uploads of every kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamedReplyTest {
  private static final String ADMIN = "?session_id=admin";
  private static final String HOST = " HTTP/1.1\r\nHost: h\r\n";
  private static final int SIZE = 5_000_000;

  private final HttpServer server;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  StreamedReplyTest() throws IOException {
    server =
        TestServers.start(
            new TestEndpoint(),
            new Route("GET", "/length", "get", AccessRole.READ_ONLY, c -> give(c, SIZE, SIZE)),
            new Route("GET", "/stream", "get", AccessRole.READ_ONLY, c -> give(c, -1, SIZE)),
            new Route("GET", "/endless", "get", AccessRole.READ_ONLY, this::endless),
            new Route("GET", "/cut", "get", AccessRole.READ_ONLY, c -> cut(c)),
            new Route("GET", "/open", "get", AccessRole.READ_ONLY, true, StreamedReplyTest::who),
            new Route("PUT", "/sum", "put", AccessRole.VM_ADMIN, StreamedReplyTest::sum),
            new Route("PUT", "/refuse", "put", AccessRole.VM_ADMIN, c -> refused()),
            new Route("PUT", "/early", "put", AccessRole.VM_ADMIN, StreamedReplyTest::early));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void repliesWithALengthInChunksOrUntilTheEnd() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /length" + ADMIN + HOST + "\r\n");
      assertThat(client.answer().text()).hasSize(SIZE);
      assertThat(client.isEnded()).isTrue();
    }
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /stream" + ADMIN + HOST + "\r\n");
      assertThat(client.answer(false).headers()).containsEntry("transfer-encoding", "chunked");
      assertThat(unchunk(client.in())).isEqualTo(SIZE);
      assertThat(client.isEnded()).isTrue();
    }
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /stream" + ADMIN + " HTTP/1.0\r\n\r\n");
      assertThat(client.answer(false).headers()).doesNotContainKey("transfer-encoding");
      assertThat(client.in().readAllBytes()).hasSize(SIZE);
    }
    try (RawClient client = TestServers.client(server)) {
      client.send("HEAD /length" + ADMIN + HOST + "\r\n");
      assertThat(client.answer(false).headers()).containsEntry("content-length", "" + SIZE);
      assertThat(client.isEnded()).isTrue();
    }
  }

  /** What is cut off does not look whole, in any of the three ways. */
  @Test
  void whatIsNotWholeIsCutOff() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /cut" + ADMIN + " HTTP/1.0\r\n\r\n");
      assertThat(client.answer(false).status()).isEqualTo(200);
      assertThatThrownBy(() -> client.in().readAllBytes()).isInstanceOf(IOException.class);
    }
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /cut" + ADMIN + HOST + "\r\n");
      assertThat(client.answer(false).status()).isEqualTo(200);
      assertThatThrownBy(() -> unchunk(client.in())).isInstanceOf(IOException.class);
    }
  }

  /** A client that stops reading holds the writer up, and its leaving ends the work. */
  @Test
  void writerIsHeldUpAndHearsOfTheEnd() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send("GET /endless" + ADMIN + HOST + "\r\n");
      assertThat(client.answer(false).status()).isEqualTo(200);
      await().until(() -> written.get() > 0);
      await().during(java.time.Duration.ofMillis(100)).until(() -> written.get() < 64 << 20);
    }
    await().until(() -> failed.get() == 1);
  }

  /** As old clients upload: no length, the end of the stream ends the body. */
  @Test
  void uploadWithoutLength() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send("PUT /early" + ADMIN + " HTTP/1.0\r\n\r\n" + "early");
      assertThat(client.answer(false).status()).isEqualTo(200);
      client.send("x".repeat(SIZE));
      client.socket.shutdownOutput();
      assertThat(new String(client.in().readAllBytes(), US_ASCII)).isEqualTo("" + (SIZE + 5));
    }
    try (RawClient client = TestServers.client(server)) {
      client.send("PUT /sum" + ADMIN + " HTTP/1.0\r\n\r\n" + "x".repeat(SIZE));
      client.socket.shutdownOutput();
      assertThat(client.answer().text()).isEqualTo("" + SIZE);
    }
  }

  @Test
  void uploadWithLengthGetsItsReplyBefore() throws IOException {
    for (String version : new String[] {" HTTP/1.0\r\n", HOST}) {
      try (RawClient client = TestServers.client(server)) {
        client.send("PUT /early" + ADMIN + version + "Content-Length: " + SIZE + "\r\n\r\n");
        assertThat(client.answer(false).status()).isEqualTo(200);
        client.send("x".repeat(SIZE));
        assertThat(new String(client.in().readAllBytes(), US_ASCII)).contains("" + SIZE);
      }
    }
  }

  /** A body that nobody wants is not asked for. */
  @Test
  void expectationIsMetWhenTheBodyIsRead() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send("PUT /sum" + ADMIN + HOST + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.answer(false).status()).isEqualTo(100);
      client.send("abc");
      assertThat(client.answer().text()).isEqualTo("3");
    }
    try (RawClient client = TestServers.client(server)) {
      client.send(
          "PUT /refuse" + ADMIN + HOST + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(409);
    }
  }

  @Test
  void openPathLetsTheHandlerDecide() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      assertThat(client.exchange("GET /open" + HOST + "\r\n").text()).isEqualTo("nobody");
      assertThat(client.exchange("GET /open" + ADMIN + HOST + "\r\n").text()).isEqualTo("admin");
      assertThat(client.exchange("GET /open?session_id=x" + HOST + "\r\n").text())
          .isEqualTo("nobody");
    }
  }

  private static HttpAnswer give(HttpCall call, long length, long size) throws IOException {
    OptionalLong told = length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    OutputStream out = call.exchange().begin(200, Map.of("x-of", "me"), told);
    byte[] part = new byte[100_001];
    for (long left = size; left > 0; left -= part.length) {
      out.write(part, 0, (int) Math.min(left, part.length));
    }
    return new HttpAnswer.Begun(true);
  }

  private HttpAnswer endless(HttpCall call) throws IOException {
    try {
      OutputStream out = call.exchange().begin(200, Map.of(), OptionalLong.empty());
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < 1_000; i++) {
        out.write(part);
        written.addAndGet(part.length);
      }
      return new HttpAnswer.Begun(true);
    } catch (IOException e) {
      failed.incrementAndGet();
      throw e;
    }
  }

  private static HttpAnswer cut(HttpCall call) throws IOException {
    OutputStream out = call.exchange().begin(200, Map.of(), OptionalLong.empty());
    out.write(new byte[10]);
    out.flush();
    return new HttpAnswer.Begun(false);
  }

  private static HttpAnswer who(HttpCall call) {
    return text(200, call.session().orElse("nobody"));
  }

  private static HttpAnswer sum(HttpCall call) throws IOException {
    return text(200, "" + call.body().transferTo(OutputStream.nullOutputStream()));
  }

  private static HttpAnswer refused() {
    return text(409, "no");
  }

  private static HttpAnswer early(HttpCall call) throws IOException {
    OutputStream out = call.exchange().begin(200, Map.of(), OptionalLong.empty());
    out.write(("" + call.body().transferTo(OutputStream.nullOutputStream())).getBytes(US_ASCII));
    return new HttpAnswer.Begun(true);
  }

  private static HttpAnswer text(int status, String text) {
    return new HttpAnswer.Whole(status, "text/plain", text.getBytes(US_ASCII));
  }

  private static long unchunk(InputStream in) throws IOException {
    long total = 0;
    while (true) {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("cut off");
        }
        line.append((char) b);
      }
      int size = Integer.parseInt(line.toString().strip(), 16);
      in.skipNBytes(size + 2L);
      if (size == 0) {
        return total;
      }
      total += size;
    }
  }
}
