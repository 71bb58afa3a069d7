package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.AccessRole;
import io.keelson.http.HttpConfig.LocalListener;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A unix socket: requests come through it as through any other. */
class LocalListenerTest {
  private static final byte[] BODY = new byte[3 << 20];

  @TempDir private Path folder;
  private final CompletableFuture<String> heard = new CompletableFuture<>();

  private HttpServer start(Path socket) throws IOException {
    return HttpServer.start(
        new HttpConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new LocalListener(socket, Optional.empty())),
            HttpLimits.DEFAULT),
        new TestEndpoint(),
        TestServers.AUTHENTICATOR,
        List.of(new Route("PUT", "/length", "put", AccessRole.READ_ONLY, this::length)));
  }

  private HttpAnswer length(HttpCall call) throws IOException {
    try {
      String text = call.body().readAllBytes().length + " " + call.peer().origin().administrator();
      heard.complete(text);
      return new HttpAnswer.Whole(200, "text/plain", text.getBytes(UTF_8));
    } catch (IOException e) {
      heard.complete("broken");
      throw e;
    }
  }

  private static SocketChannel put(Path socket, String head, byte[] body) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    String request = "PUT /length?session_id=reader HTTP/1." + head + "\r\n";
    Channels.newOutputStream(channel).write(request.getBytes(US_ASCII));
    ByteBuffer left = ByteBuffer.wrap(body);
    while (left.hasRemaining()) {
      int _ = channel.write(left);
    }
    return channel;
  }

  private String heard() throws Exception {
    return heard.get(30, TimeUnit.SECONDS);
  }

  @Test
  void itTellsWhoseTheClientIsAndAnswersIt() throws Exception {
    Path socket = folder.resolve("s");
    try (HttpServer _ = start(socket);
        SocketChannel channel =
            put(socket, "1\r\nHost: h\r\nContent-Length: " + BODY.length + "\r\n", BODY)) {
      assertThat(heard()).isEqualTo(BODY.length + " true");
      byte[] reply = Channels.newInputStream(channel).readNBytes(12);
      assertThat(new String(reply, US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
    assertThat(socket).doesNotExist();
  }

  /** As over TCP: what has no length ends with the connection, or when its client says so. */
  @Test
  void aBodyWithoutLengthEndsWithTheConnection() throws Exception {
    Path socket = folder.resolve("s");
    try (HttpServer _ = start(socket)) {
      put(socket, "0\r\n", BODY).close();
      assertThat(heard()).isEqualTo(BODY.length + " true");
    }
  }

  @Test
  void aBodyThatIsTooShortIsNoBody() throws Exception {
    Path socket = folder.resolve("s");
    try (HttpServer _ = start(socket)) {
      put(socket, "0\r\nContent-Length: 4000000\r\n", BODY).close();
      assertThat(heard()).isEqualTo("broken");
    }
  }

  @Test
  void nothingThatIsThereIsOverwritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertThatThrownBy(() -> start(file)).hasMessageContaining("there is something else");
    assertThat(file).hasContent("mine");
    Path socket = folder.resolve("s");
    try (HttpServer _ = start(socket)) {
      assertThatThrownBy(() -> start(socket)).hasMessageContaining("another server does");
      put(socket, "0\r\n", BODY).close();
      assertThat(heard()).isEqualTo(BODY.length + " true");
    }
    Path deep = folder.resolve("d".repeat(120));
    assertThatThrownBy(() -> start(deep)).hasMessageContaining("107 bytes at most");
  }
}
