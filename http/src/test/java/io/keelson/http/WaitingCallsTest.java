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

/** Calls that wait for events, by the thousand, and clients that go away from them. */
class WaitingCallsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WAIT = post("/jsonrpc", jsonCall("event.from", ""));

  private final TestEndpoint endpoint = new TestEndpoint();

  @Test
  void thousandsWaitAndAreAllAnswered() throws IOException {
    int calls = 2_000;
    List<RawClient> clients = new ArrayList<>();
    try (HttpServer server = TestServers.start(endpoint)) {
      for (int i = 0; i < calls; i++) {
        clients.add(TestServers.client(server).send(WAIT));
      }
      await().atMost(PATIENCE).until(() -> endpoint.waiting.get() == calls);
      try (RawClient other = TestServers.client(server)) {
        assertThat(other.exchange(post("/jsonrpc", jsonCall("echo", "x"))).status()).isEqualTo(200);
      }
      endpoint.release.countDown();
      for (RawClient client : clients) {
        assertThat(client.answer().text()).contains("released");
      }
      assertThat(endpoint.abandoned).hasValue(0);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void waitingEndsWhenTheClientGoes() throws IOException {
    try (HttpServer server = TestServers.start(endpoint)) {
      for (int i = 0; i < 20; i++) {
        RawClient client = TestServers.client(server).send(WAIT);
        int waiting = i + 1;
        await().atMost(PATIENCE).until(() -> endpoint.waiting.get() == waiting);
        if (i % 2 == 0) {
          client.socket.setSoLinger(true, 0);
        }
        client.close();
      }
      await().atMost(PATIENCE).until(() -> endpoint.abandoned.get() == 20);
    }
  }

  @Test
  void workGoesOnWhenTheClientGoes() throws IOException {
    try (HttpServer server = TestServers.start(endpoint)) {
      RawClient client = TestServers.client(server).send(post("/jsonrpc", jsonCall("work", "")));
      await().atMost(PATIENCE).until(() -> endpoint.working.get() == 1);
      client.close();
      try (RawClient other = TestServers.client(server)) {
        assertThat(other.exchange(post("/jsonrpc", jsonCall("echo", "x"))).status()).isEqualTo(200);
      }
      endpoint.release.countDown();
      await().atMost(PATIENCE).until(() -> endpoint.worked.get() == 1);
      assertThat(endpoint.abandoned).hasValue(0);
    }
  }

  @Test
  void stoppingEndsWhatWaitsAndLetsWorkFinish() throws Exception {
    HttpServer server = TestServers.start(endpoint);
    try (RawClient waiting = TestServers.client(server).send(WAIT);
        RawClient working =
            TestServers.client(server).send(post("/jsonrpc", jsonCall("work", "")));
        RawClient idle = TestServers.client(server)) {
      assertThat(idle.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .until(() -> endpoint.waiting.get() == 1 && endpoint.working.get() == 1);
      Thread stopper = Thread.ofVirtual().start(server::close);
      assertThat(waiting.isEnded()).isTrue();
      assertThat(idle.isEnded()).isTrue();
      assertThat(endpoint.worked).hasValue(0);
      endpoint.release.countDown();
      RawClient.Answer answer = working.answer();
      assertThat(answer.text()).contains("released");
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(stopper.join(PATIENCE)).isTrue();
    }
  }
}
