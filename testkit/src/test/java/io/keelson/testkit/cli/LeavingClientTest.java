package io.keelson.testkit.cli;

import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.Message.Response;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that says it has fetched a file, has not, and goes. */
class LeavingClientTest {
  @TempDir private Path folder;

  @Test
  void nothingIsLeftOfItsCommand() throws IOException {
    try (ServerBox box = ServerBox.simulated(folder, 1).start();
        Api api = box.login(Format.JSON_RPC)) {
      try (Socket socket = new Socket(box.api().getHost(), box.api().getPort())) {
        ThinChannel channel = command(socket, "pool-dump-database\nfile-name=x");
        assertThat(channel.receive()).isInstanceOf(Message.HttpGet.class);
        channel.send(Response.OK);
        assertThat(isThere(api)).isTrue();
      }

      await().atMost(Duration.ofMinutes(1)).until(() -> !isThere(api));
    }
  }

  private static boolean isThere(Api api) {
    return !api.call("task.get_by_name_label", text("dump database")).isEmpty();
  }

  private static ThinChannel command(Socket socket, String words) throws IOException {
    byte[] body = (words + "\nusername=root\npassword=" + ServerBox.PASSWORD).getBytes(UTF_8);
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /cli HTTP/1.0\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
    out.write(body);
    ThinChannel channel = new ThinChannel(socket.getInputStream(), out);
    channel.greet();
    channel.awaitGreeting();
    return channel;
  }
}
