package io.keelson.http;

import static io.keelson.http.RawClient.jsonCall;
import static io.keelson.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that comes to listen elsewhere too. */
class MovingTest {
  private static final InetAddress SECOND = InetAddress.ofLiteral("127.0.0.2");
  private static final InetAddress THIRD = InetAddress.ofLiteral("127.0.0.3");

  @Test
  void oneMoreAddressAtATime() throws Exception {
    try (HttpServer server = TestServers.start(new TestEndpoint())) {
      server.moveTo(Optional.of(SECOND));
      server.moveTo(Optional.of(SECOND));
      try (RawClient idle = client(server, SECOND)) {
        assertThat(call(idle)).isEqualTo(200);
        server.moveTo(Optional.of(THIRD));
        assertThat(idle.isEnded()).as("who is idle is let go").isTrue();
      }
      assertThatThrownBy(() -> client(server, SECOND)).isInstanceOf(ConnectException.class);
      try (RawClient there = client(server, THIRD);
          RawClient configured = TestServers.client(server)) {
        assertThat(call(there)).isEqualTo(200);
        server.moveTo(Optional.empty());
        assertThat(call(configured)).as("what was configured stays").isEqualTo(200);
      }
      assertThatThrownBy(() -> client(server, THIRD)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whoHasAskedStillGetsTheAnswer() throws Exception {
    TestEndpoint endpoint = new TestEndpoint();
    try (HttpServer server = TestServers.start(endpoint)) {
      server.moveTo(Optional.of(SECOND));
      try (RawClient client = client(server, SECOND)) {
        client.send(post("/jsonrpc", jsonCall("work", "")));
        await().until(() -> endpoint.working.get() == 1);
        server.moveTo(Optional.empty());
        endpoint.release.countDown();
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  @Test
  void anAddressThatCannotBeHadChangesNothing() throws Exception {
    try (HttpServer server = TestServers.start(new TestEndpoint())) {
      server.moveTo(Optional.of(SECOND));
      assertThatThrownBy(() -> server.moveTo(Optional.of(InetAddress.ofLiteral("192.0.2.1"))))
          .isInstanceOf(IOException.class);
      int port = server.plainAddress().orElseThrow().getPort();
      try (ServerSocket taken = new ServerSocket(port, 1, THIRD)) {
        assertThat(taken.isBound()).isTrue();
        assertThatThrownBy(() -> server.moveTo(Optional.of(THIRD))).isInstanceOf(IOException.class);
      }
      try (RawClient there = client(server, SECOND)) {
        assertThat(call(there)).isEqualTo(200);
      }
    }
  }

  private static int call(RawClient client) throws IOException {
    return client.exchange(post("/jsonrpc", jsonCall("peer", ""))).status();
  }

  private static RawClient client(HttpServer server, InetAddress at) throws IOException {
    return new RawClient(new InetSocketAddress(at, server.plainAddress().orElseThrow().getPort()));
  }
}
