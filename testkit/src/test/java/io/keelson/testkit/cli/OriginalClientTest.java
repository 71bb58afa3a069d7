package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.Message.Response;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.testkit.box.ServerBox;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the client of XenServer says in other ways than ours: its name and password always, a file
 * in one piece however large, and a hang-up where it has no answer to a question.
 */
class OriginalClientTest {
  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 1).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static Socket connected() throws IOException {
    return new Socket(box.api().getHost(), box.api().getPort());
  }

  /** A command, from the first byte to its exit status; gives what was said before that. */
  private static List<Message> run(String... words) throws IOException {
    List<Message> said = new ArrayList<>();
    try (Socket socket = connected()) {
      ThinChannel channel = begin(socket, words);
      do {
        said.add(channel.receive());
        serve(said.getLast(), channel, socket.getOutputStream());
      } while (!(said.getLast() instanceof Message.Exit));
    }
    return said;
  }

  private static ThinChannel begin(Socket socket, String... words) throws IOException {
    String said = String.join("\n", words) + "\nusername=root\npassword=" + ServerBox.PASSWORD;
    String head =
        "POST /cli HTTP/1.0\r\nUser-agent: xe-cli/Unix/0.2\r\ncontent-length: "
            + said.getBytes(UTF_8).length
            + "\r\n\r\n";
    socket.getOutputStream().write((head + said).getBytes(UTF_8));
    ThinChannel channel =
        new ThinChannel(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    channel.awaitGreeting();
    channel.greet();
    return channel;
  }

  private static void serve(Message message, ThinChannel channel, OutputStream out)
      throws IOException {
    switch (message) {
      case Message.Load(String file) -> {
        byte[] content = Files.readAllBytes(Path.of(file));
        channel.send(Response.OK);
        channel.send(new Message.Chunk(content.length));
        out.write(content);
        channel.send(new Message.End());
      }
      case Message.HttpGet(String file, String path) -> {
        try (Socket other = connected()) {
          InputStream in = ask(other, "GET " + path + " HTTP/1.0\r\n\r\n");
          Files.write(Path.of(file), in.readAllBytes());
        }
        channel.send(Response.WAIT);
        channel.send(Response.OK);
      }
      case Message.HttpPut(String file, String path) -> {
        byte[] content = Files.readAllBytes(Path.of(file));
        try (Socket other = connected()) {
          String head =
              "PUT %s HTTP/1.0\r\ncontent-length: %d\r\n\r\n".formatted(path, content.length);
          InputStream _ = ask(other, head);
          other.getOutputStream().write(content);
          channel.send(Response.WAIT);
          channel.send(Response.OK);
        }
      }
      default -> {} // is only to be looked at
    }
  }

  /** Sends a request, and reads the answer up to its body. */
  private static InputStream ask(Socket socket, String head) throws IOException {
    socket.getOutputStream().write(head.getBytes(UTF_8));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append(new String(in.readNBytes(1), ISO_8859_1));
    }
    assertThat(answer.toString()).matches("(?s)HTTP/1\\.[01] 200 .*");
    return in;
  }

  private static Message errors(String text) {
    return new Message.PrintError(text);
  }

  @Test
  void aFileComesInOnePiece() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThat(run("pool-certificate-install", "filename=" + empty))
        .contains(errors("The certificate cannot be read.\n"))
        .endsWith(new Message.Exit(1));
    Path huge = Files.write(folder.resolve("huge.pem"), new byte[(16 << 20) + 1]);
    String refused = "Error: The file " + huge + " is too large: more than 16 MiB\n";
    assertThat(run("pool-certificate-install", "filename=" + huge))
        .containsExactly(new Message.Load(huge.toString()), errors(refused), new Message.Exit(1));
    assertThat(xe.refusal("pool-certificate-install", "filename=" + huge)).isEqualTo(refused);
  }

  @Test
  void filesTravelOverConnectionsOfTheirOwn() throws IOException {
    String pool = xe.line("pool-list", "--minimal");
    String blob = xe.line("blob-create", "pool-uuid=" + pool, "name=notes", "mime-type=text/plain");
    Path notes = Files.writeString(folder.resolve("notes"), "of somebody\n");
    Path back = folder.resolve("back");
    assertThat(run("blob-put", "uuid=" + blob, "filename=" + notes))
        .endsWith(new Message.Print("Blob put succeeded"), new Message.Exit(0));
    assertThat(run("blob-get", "uuid=" + blob, "filename=" + back))
        .endsWith(new Message.Print("Blob get succeeded"), new Message.Exit(0));
    assertThat(back).hasSameBinaryContentAs(notes);
  }

  @Test
  void whoHangsUpAtAQuestionHasNotSaidYes() throws IOException {
    String vm = xe.line("vm-create", "name-label=kept");
    try (Socket socket = connected()) {
      ThinChannel channel = begin(socket, "vm-uninstall", "uuid=" + vm);
      Message said = channel.receive();
      while (said instanceof Message.Print) {
        said = channel.receive();
      }
      assertThat(said).isEqualTo(new Message.Prompt());
    }
    assertThat(xe.line("vm-list", "uuid=" + vm, "--minimal")).isEqualTo(vm);
  }

  @Test
  void withoutANameTheClientSaysOneThatMayNotComeIn() throws IOException {
    try (Socket socket = connected()) {
      String said = "vm-list\nusername=root\npassword=null";
      String head = "POST /cli HTTP/1.0\r\ncontent-length: " + said.length() + "\r\n\r\n";
      socket.getOutputStream().write((head + said).getBytes(UTF_8));
      ThinChannel channel = new ThinChannel(socket.getInputStream(), socket.getOutputStream());
      channel.awaitGreeting();
      channel.greet();
      assertThat(channel.receive()).isEqualTo(errors("Authentication failed\n"));
      assertThat(channel.receive()).isEqualTo(errors("For usage run: 'xe help'\n"));
      assertThat(channel.receive()).isEqualTo(new Message.Exit(1));
    }
  }
}
