package io.keelson.http;

import static io.keelson.http.RawClient.jsonCall;
import static io.keelson.http.RawClient.post;
import static io.keelson.http.RawClient.xmlCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcOverHttpTest {
  private final HttpServer server;

  RpcOverHttpTest() throws IOException {
    server = TestServers.start(new TestEndpoint());
  }

  @BeforeAll
  void listening() {
    assertThat(server.plainAddress()).isPresent();
    assertThat(server.tlsAddress()).isEmpty();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/RPC2", "/xmlrpc", "/RPC2?session=x"})
  void xml(String path) throws IOException {
    RawClient.Answer answer = once(post(path, xmlCall("echo", "a&amp;b")));
    assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(answer.headers())
        .containsEntry("content-type", "text/xml")
        .containsEntry("connection", "keep-alive")
        .containsEntry("cache-control", "no-cache, no-store")
        .containsEntry("access-control-allow-origin", "*")
        .containsEntry("access-control-allow-headers", "X-Requested-With")
        .containsEntry("content-length", Integer.toString(answer.content().length))
        .hasSize(6);
    assertThat(answer.text())
        .startsWith("<?xml version=\"1.0\"?><methodResponse>")
        .contains("<value>Success</value>")
        .contains("<value>a&amp;b</value>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/jsonrpc", "/json"})
  void json(String path) throws IOException {
    RawClient.Answer answer = once(post(path, jsonCall("echo", "hi")));
    assertThat(answer.headers()).containsEntry("content-type", "application/json");
    assertThat(answer.text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":\"hi\",\"id\":1}");
  }

  @Test
  void jsonBatchIsAnsweredInOrder() throws IOException {
    String batch = "[" + jsonCall("echo", "a") + "," + jsonCall("none", "b") + ",7]";
    assertThat(once(post("/jsonrpc", batch)).text())
        .startsWith("[{\"jsonrpc\":\"2.0\",\"result\":\"a\",\"id\":1},")
        .contains("MESSAGE_METHOD_UNKNOWN")
        .endsWith("\"id\":null}]");
  }

  @Test
  void outcomes() throws IOException {
    assertThat(once(post("/", xmlCall("system.listMethods", ""))).text())
        .endsWith(
            "<params><param><value><array><data><value>echo</value></data></array></value>"
                + "</param></params></methodResponse>");
    assertThat(once(post("/jsonrpc", jsonCall("system.listMethods", ""))).text())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":[\"echo\"],\"id\":1}");
    assertThat(once(post("/", xmlCall("raises", ""))).text())
        .contains("<value>INVALID_VALUE</value><value>a</value><value>b</value>");
    assertThat(once(post("/jsonrpc", jsonCall("bug", ""))).text())
        .contains("INTERNAL_ERROR")
        .doesNotContain("secret");
  }

  @Test
  void whatIsNoCallIsAnsweredInItsLanguage() throws IOException {
    assertThat(once(post("/", "<a")).text()).contains("<fault>").contains("-32700");
    assertThat(once(post("/", "<!DOCTYPE a []><a/>")).text()).contains("-32700");
    assertThat(once(post("/", xmlCall("echo", "\u00E9"))).text())
        .contains("<value>INVALID_VALUE</value>");
    RawClient.Answer answer = once(post("/jsonrpc", "{"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("-32700").endsWith("\"id\":null}");
    assertThat(once(post("/jsonrpc", "{\"method\":\"echo\"}")).text())
        .startsWith("{\"result\":null,\"error\":[\"INVALID_VALUE\"");
  }

  @Test
  void http10Closes() throws IOException {
    String body = xmlCall("echo", "x");
    try (RawClient client = TestServers.client(server)) {
      RawClient.Answer answer =
          client.exchange(
              "POST /RPC2 HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.0 200 OK");
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void connectionCloseCloses() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      RawClient.Answer answer =
          client.exchange(
              "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void pipelinedCallsAreAnsweredInOrder() throws IOException {
    int calls = 500;
    try (RawClient client = TestServers.client(server)) {
      var all = new StringBuilder();
      for (int i = 0; i < calls; i++) {
        all.append(
            switch (i % 3) {
              case 0 -> post("/jsonrpc", jsonCall("echo", "n" + i + "."));
              case 1 -> post("/", xmlCall("echo", "n" + i + "."));
              default -> "GET /n" + i + ". HTTP/1.1\r\nHost: h\r\n\r\n";
            });
      }
      Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, all.toString()));
      for (int i = 0; i < calls; i++) {
        assertThat(client.answer().text()).contains("n" + i + ".");
      }
      assertThat(sender).isNotNull();
    }
  }

  @Test
  void chunkedBodies() throws IOException {
    String body = jsonCall("echo", "chunked");
    var chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      chunks.append("1\r\n").append(body.charAt(i)).append("\r\n");
    }
    try (RawClient client = TestServers.client(server)) {
      for (int i = 0; i < 2; i++) {
        String head = "POST /jsonrpc HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(client.exchange(head + chunks + "0\r\n\r\n").text()).contains("\"chunked\"");
      }
    }
  }

  @Test
  void expectContinue() throws IOException {
    String body = jsonCall("echo", "x");
    try (RawClient client = TestServers.client(server)) {
      client.send(
          "POST /jsonrpc HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.exchange(body).status()).isEqualTo(200);
      assertThat(
              client
                  .exchange("POST / HTTP/1.1\r\nHost: h\r\nExpect: x\r\nContent-Length: 1\r\n\r\n")
                  .status())
          .isEqualTo(417);
    }
  }

  @Test
  void clientThatEndsItsSideStillGetsItsAnswer() throws IOException {
    try (RawClient client = TestServers.client(server)) {
      client.send(post("/", xmlCall("large", "")));
      client.socket.shutdownOutput();
      assertThat(client.answer().content().length).isGreaterThan(TestEndpoint.LARGE);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void largeRepliesAreCompressedWhenAsked() throws IOException {
    byte[] plain = once(post("/", xmlCall("large", ""))).content();
    String call = xmlCall("large", "");
    String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + call.length() + "\r\n";
    RawClient.Answer gzip = once(head + "Accept-Encoding: gzip;q=1, zstd;q=0\r\n\r\n" + call);
    assertThat(gzip.headers()).containsEntry("content-encoding", "gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.content())).readAllBytes())
        .isEqualTo(plain);
    RawClient.Answer zstd = once(head + "Accept-Encoding: deflate, gzip, zstd\r\n\r\n" + call);
    assertThat(zstd.headers())
        .containsEntry("content-encoding", "zstd")
        .containsEntry("vary", "accept-encoding")
        .containsEntry("content-type", "text/xml");
    assertThat(new ZstdInputStream(new ByteArrayInputStream(zstd.content())).readAllBytes())
        .isEqualTo(plain);
    String small = xmlCall("echo", "x");
    assertThat(
            once("POST / HTTP/1.1\r\nAccept-Encoding: gzip\r\nContent-Length: "
                    + small.length()
                    + "\r\n\r\n"
                    + small)
                .headers())
        .doesNotContainKey("content-encoding");
  }

  @Test
  void pagesAndWhatIsNone() throws IOException {
    RawClient.Answer page = once("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("Keelson");
    RawClient.Answer missing =
        once("GET /<b>'&\" HTTP/1.1\r\nHost: h\r\n\r\n".replace("\" ", "%22 "));
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).contains("/&lt;b&gt;&#39;&amp;").doesNotContain("<b>");
    try (RawClient client = TestServers.client(server)) {
      RawClient.Answer head = client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").answer(false);
      assertThat(head.headers())
          .containsEntry("content-length", Integer.toString(page.content().length));
      assertThat(client.exchange("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(404);
    }
    assertThat(once("BREW / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(501);
    assertThat(once("DELETE / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(501);
    assertThat(once("PUT /x HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(403);
    assertThat(once("CONNECT /console?ref=x HTTP/1.0\r\n\r\n").status()).isEqualTo(403);
    assertThat(once("GET / HTTP/2.0\r\nHost: h\r\n\r\n").status()).isEqualTo(505);
  }

  @Test
  void options() throws IOException {
    RawClient.Answer answer =
        once(
            "OPTIONS /jsonrpc HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Headers: a, b\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content()).isEmpty();
    assertThat(answer.headers())
        .containsEntry("access-control-allow-origin", "*")
        .containsEntry("access-control-allow-headers", "a, b, X-Requested-With")
        .containsEntry("access-control-allow-methods", "PUT");
  }

  @Test
  void whatTheConnectionTellsOfTheCaller() throws IOException {
    String call = jsonCall("peer", "");
    assertThat(
            once("POST /jsonrpc HTTP/1.1\r\nUser-Agent: me\r\nSubtask-of: OpaqueRef:1\r\n"
                    + "X-Http-Other-Config-Who: you\r\nContent-Length: "
                    + call.length()
                    + "\r\n\r\n"
                    + call)
                .text())
        .contains("\"127.0.0.1 false me OpaqueRef:1 {who=you}\"");
  }

  private static void sendQuietly(RawClient client, String text) {
    try {
      client.send(text);
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
