package io.keelson.http;

import static io.keelson.http.RawClient.jsonCall;
import static io.keelson.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that HTTP or the limits refuse, and clients that are too slow or too many. */
class RefusalTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Each would leave two servers in a row of different minds on where the request ends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Content-Length: 6\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n"
            + "G",
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Content-Length: 6\r\n\r\n"
            + "0\r\n\r\n"
            + "G",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: h\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\nHost: h\nContent-Length: 1\n\na",
        "POST / HTTP/1.1\r\nHost: h\r\nHost: i\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        "\u0001\u0002\u0003 garbage\r\n\r\n",
      })
  void smuggling(String request) throws IOException {
    try (HttpServer server = strict(SHORT.multipliedBy(100), LONG);
        RawClient client = TestServers.client(server)) {
      RawClient.Answer answer =
          client.exchange(request + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void tooLarge() throws IOException {
    String head = "POST / HTTP/1.1\r\nHost: h\r\n";
    String many = "X: " + "a".repeat(100) + "\r\n";
    String chunk = "1000\r\n" + "a".repeat(4_096) + "\r\n";
    try (HttpServer server = strict(LONG, LONG)) {
      assertRefused(server, head + "Content-Length: 10001\r\n\r\nabc", 413);
      assertRefused(
          server, head + "Content-Length: 10737418240\r\nExpect: 100-continue\r\n\r\n", 413);
      assertRefused(server, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3), 413);
      assertRefused(server, head + many.repeat(30), 431);
      assertRefused(server, "GET /" + "a".repeat(3_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414);
      assertRefused(server, head + "\r\n", 411);
      assertRefused(server, "POST / HTTP/1.0\r\n\r\n", 411);
      assertRefused(server, "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", 413);
    }
  }

  /** The reply reaches a client that goes on sending what nobody wants. */
  @Test
  void refusalIsReadableWhileTheClientStillSends() throws IOException {
    try (HttpServer server = strict(LONG, LONG);
        RawClient client = TestServers.client(server)) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send("a".repeat(3_000_000));
                } catch (IOException _) {
                  // Cut off, as it may be.
                }
              });
      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(sender).isNotNull();
    }
  }

  /** Many clients that send large bodies at once cannot use up the memory. */
  @Test
  void tooLargeTogether() throws IOException {
    String unfinished =
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9500\r\n\r\n" + "a".repeat(9_000);
    try (HttpServer server = strict(LONG, LONG);
        RawClient first = TestServers.client(server);
        RawClient second = TestServers.client(server);
        RawClient third = TestServers.client(server)) {
      for (RawClient client : List.of(first, second, third)) {
        client.send(unfinished);
      }
      try (RawClient small = TestServers.client(server)) {
        assertThat(small.exchange(post("/jsonrpc", jsonCall("echo", "x"))).status()).isEqualTo(200);
      }
      List<Integer> statuses = new ArrayList<>();
      for (RawClient client : List.of(first, second, third)) {
        statuses.add(client.exchange("a".repeat(500)).status());
      }
      assertThat(statuses).containsOnlyOnce(503).contains(200);
    }
  }

  @Test
  void slowHead() throws IOException {
    try (HttpServer server = strict(SHORT, LONG);
        RawClient client = TestServers.client(server)) {
      assertThat(client.exchange("POST / HTTP/1.1\r\nHost: h\r\nX: ").status()).isEqualTo(408);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void slowSecondHead() throws IOException {
    try (HttpServer server = strict(SHORT, LONG);
        RawClient client = TestServers.client(server)) {
      assertThat(client.exchange(post("/jsonrpc", jsonCall("echo", "x"))).status()).isEqualTo(200);
      assertThat(client.exchange("P").status()).isEqualTo(408);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void slowBody() throws IOException {
    try (HttpServer server = strict(SHORT, LONG);
        RawClient client = TestServers.client(server)) {
      assertThat(
              client
                  .exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n<")
                  .status())
          .isEqualTo(408);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void silentConnectionsAreClosed() throws IOException {
    try (HttpServer server = strict(SHORT, SHORT);
        RawClient silent = TestServers.client(server);
        RawClient idle = TestServers.client(server)) {
      assertThat(idle.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
      assertThat(silent.isEnded()).isTrue();
      assertThat(idle.isEnded()).isTrue();
    }
  }

  /** A call is never cut off for taking long. */
  @Test
  void longCallsAreNotSlowClients() throws IOException {
    var endpoint = new TestEndpoint();
    try (HttpServer server = TestServers.start(endpoint, TestServers.strict(100, SHORT, SHORT));
        RawClient patient = TestServers.client(server);
        RawClient silent = TestServers.client(server)) {
      patient.send(post("/jsonrpc", jsonCall("work", "")));
      await().until(() -> endpoint.working.get() == 1);
      assertThat(silent.isEnded()).isTrue();
      endpoint.release.countDown();
      assertThat(patient.answer().text()).contains("released");
    }
  }

  @Test
  void idleConnectionsMakeRoom() throws IOException {
    var endpoint = new TestEndpoint();
    List<RawClient> clients = new ArrayList<>();
    try (HttpServer server = TestServers.start(endpoint, TestServers.strict(10, LONG, LONG))) {
      RawClient busy = TestServers.client(server);
      clients.add(busy);
      busy.send(post("/jsonrpc", jsonCall("work", "")));
      await().until(() -> endpoint.working.get() == 1);
      for (int i = 0; i < 9; i++) {
        RawClient idle = TestServers.client(server);
        clients.add(idle);
        assertThat(idle.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
      }
      RawClient another = TestServers.client(server);
      clients.add(another);
      assertThat(another.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
      assertThat(clients.get(1).isEnded()).isTrue();
      assertThat(clients.get(2).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status())
          .isEqualTo(200);
      endpoint.release.countDown();
      assertThat(busy.answer().text()).contains("released");
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void withoutRoomNewConnectionsAreClosed() throws IOException {
    var endpoint = new TestEndpoint();
    try (HttpServer server = TestServers.start(endpoint, TestServers.strict(1, LONG, LONG));
        RawClient busy = TestServers.client(server)) {
      busy.send(post("/jsonrpc", jsonCall("work", "")));
      await().until(() -> endpoint.working.get() == 1);
      try (RawClient another = TestServers.client(server)) {
        assertThat(another.isEnded()).isTrue();
      }
      endpoint.release.countDown();
      assertThat(busy.answer().text()).contains("released");
    }
  }

  private static void assertRefused(HttpServer server, String request, int status)
      throws IOException {
    try (RawClient client = TestServers.client(server)) {
      RawClient.Answer answer = client.exchange(request);
      assertThat(answer.status()).as(request).isEqualTo(status);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  private static HttpServer strict(Duration request, Duration idle) throws IOException {
    return TestServers.start(new TestEndpoint(), TestServers.strict(100, request, idle));
  }
}
