package io.keelson.cli.client;

import static io.keelson.cli.client.ScriptedServer.named;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.cli.client.ScriptedServer.Shown;
import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.Message.Response;
import io.keelson.cli.thin.ThinChannel;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What xe does when a server asks for something, and what it does not. */
class ConversationTest {
  @TempDir private Path folder;

  @Test
  void outputErrorsAndTheStatusAreTheServers() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> {
          channel.send(new Message.Print("a line: \u00e4"));
          channel.send(new Message.PrintError("half a "));
          channel.send(new Message.PrintError("line\n"));
          channel.send(new Message.Debug("only for those who look"));
          channel.send(new Message.Failure("VM_BAD", List.of("one", "two")));
          channel.send(new Message.Exit(7));
        })) {
      assertThat(server.xe("", "vm-list", "-u", "me", "-pw", "p=w"))
          .isEqualTo(
              new Shown(
                  7,
                  "a line: \u00e4\n",
                  "half a line\nError code: VM_BAD\nError parameters: one, two\n"));
      assertThat(server.request()).isEqualTo("vm-list\nusername=me\npassword=p=w");
      assertThat(server.xe("", "vm-list", "--debug").errors())
          .contains("debug from server: only for those who look\n");
      assertThat(server.xe("", "vm-list", "--debug-on-fail").errors())
          .endsWith("debug from server: only for those who look\n")
          .contains("\nDebug info:\n\n");
      assertThat(server.xe("", "vm-list").errors()).doesNotContain("who look");
    }
  }

  @Test
  void aFileThatWasNotNamedIsNeitherReadNorWritten() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Path absent = folder.resolve("absent");
    for (Message.Command wish :
        List.of(
            new Message.Load(secret.toString()),
            new Message.HttpPut(secret.toString(), "/x"),
            new Message.HttpGet(absent.toString(), "/x"),
            new Message.HttpGet(folder.resolve("sub/../absent").toString(), "/x"))) {
      CompletableFuture<String> heard = new CompletableFuture<>();
      try (ScriptedServer server =
          ScriptedServer.transferring(
              channel -> {
                channel.send(wish);
                try {
                  heard.complete(channel.receive().toString());
                } catch (EOFException _) {
                  heard.complete("nothing");
                }
              },
              (head, _, _) -> heard.complete(head))) {
        Shown shown = server.xe("", "vm-import", named(folder.resolve("other")));
        assertThat(shown.status()).isEqualTo(1);
        assertThat(shown.errors())
            .startsWith("File not permitted: Blocked upload/download of the file " + folder);
        assertThat(heard.join()).isEqualTo("nothing");
      }
    }
    assertThat(absent).doesNotExist();
  }

  @Test
  void logsThatNobodyNamedAreANewFileOfTheirOwn() throws ClientException {
    Permits nameless = Permits.of(List.of("host-logs-download", "uuid=x"));
    assertThat(nameless.newFile("logs-2026-1-2"))
        .isEqualTo(Path.of("logs-2026-1-2").toAbsolutePath());
    for (String other : List.of("other", "sub/logs-1", "../logs-1", "/logs-1", "")) {
      assertThatThrownBy(() -> nameless.newFile(other)).isInstanceOf(ClientException.class);
    }
    for (List<String> words :
        List.of(List.of("host-backup"), List.of("host-logs-download", "file-name=here"))) {
      assertThatThrownBy(() -> Permits.of(words).newFile("logs-1"))
          .isInstanceOf(ClientException.class);
    }
  }

  @Test
  void aFileThatWasNamedIsSentWhole() throws IOException {
    byte[] content = new byte[(3 << 20) + 7];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("named"), content);
    var loaded = new ByteArrayOutputStream();
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> {
          channel.send(new Message.Load(file.toString()));
          boolean well = channel.receive() == Response.OK;
          loaded.writeBytes(content(channel));
          channel.send(new Message.Load(folder.resolve("none").toString()));
          well &= channel.receive() == Response.FAILED;
          channel.send(new Message.Exit(well ? 0 : 3));
        })) {
      String other = "other=" + folder.resolve("./x/../none");
      assertThat(server.xe("", "x", named(file), other)).isEqualTo(new Shown(0, "", ""));
    }
    assertThat(loaded.toByteArray()).isEqualTo(content);
  }

  private static byte[] content(ThinChannel channel) throws IOException {
    var content = new ByteArrayOutputStream();
    while (channel.receive() instanceof Message.Chunk(int length)) {
      content.writeBytes(channel.readFully(length));
    }
    return content.toByteArray();
  }

  @Test
  void questionsAreAnsweredWithWhatIsTyped() throws IOException {
    List<String> answers = new ArrayList<>();
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> {
          for (int i = 0; i < 3; i++) {
            channel.send(new Message.Prompt());
            answers.add(new String(content(channel), UTF_8));
          }
          channel.send(new Message.Exit(0));
        })) {
      assertThat(server.xe("yes\r\n\u00fcber\n", "x")).isEqualTo(new Shown(0, "", ""));
    }
    assertThat(answers).containsExactly("yes", "\u00fcber", "");
  }

  @Test
  void whereNobodyLooksThereIsNoBar() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> {
          for (int percent = 0; percent <= 100; percent += 50) {
            channel.send(new Message.PrintError("\r %3d%% | ####".formatted(percent)));
          }
          channel.send(new Message.PrintError("\n"));
          channel.send(new Message.PrintError("\rno number%\n"));
          channel.send(new Message.Exit(0));
        })) {
      assertThat(server.xe("", "x", "--progress")).isEqualTo(new Shown(0, "", "\rno number%\n"));
    }
  }

  @Test
  void aConnectionThatBreaksIsSaidAndNoSuccess() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> channel.send(new Message.Print("so far")))) {
      assertThat(server.xe("", "x"))
          .isEqualTo(new Shown(1, "so far\n", "Lost connection to the server.\n"));
    }
    try (ScriptedServer server = new ScriptedServer(_ -> {}, (_, _, _) -> {})) {
      assertThat(server.xe("", "x"))
          .isEqualTo(
              new Shown(
                  1, "", "Unable to contact server. Please check server and port settings.\n"));
    }
    try (ScriptedServer server = ScriptedServer.greeting(channel -> channel.send(Response.OK))) {
      assertThat(server.xe("", "x").errors()).startsWith("Unexpected message from server: ");
    }
    ScriptedServer gone = ScriptedServer.greeting(_ -> {});
    gone.close();
    assertThat(gone.xe("", "x"))
        .isEqualTo(
            new Shown(
                1,
                "",
                "Error: cannot connect to 127.0.0.1 port %d: Connection refused\n"
                    .formatted(gone.port())));
  }

  @Test
  void whatIsMeantForXeIsNotSentOn() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.greeting(channel -> channel.send(new Message.Exit(0)))) {
      assertThat(server.xe("", Map.of("XE_EXTRA_ARGS", "username=a,password=b\\,c,more=x"), "y"))
          .isEqualTo(new Shown(0, "", ""));
      assertThat(server.request()).isEqualTo("y\nmore=x\nusername=a\npassword=b,c");
      assertThat(server.xe("", "x", "a=1\nusername=root"))
          .isEqualTo(
              new Shown(
                  1, "", "Error: a word with a line break cannot be sent: a=1\nusername=root\n"));
    }
  }

  @Test
  void xeTellsOfItself() throws IOException {
    try (ScriptedServer server = ScriptedServer.greeting(_ -> {})) {
      assertThat(server.xe("", "-version")).isEqualTo(new Shown(0, "ThinCLI protocol: 0.2\n", ""));
      assertThat(server.xe("", "vm-list", "--help").status()).isZero();
      assertThat(server.xe("").errors()).startsWith("Usage: xe <cmd>");
      assertThat(server.xe("").status()).isEqualTo(1);
      assertThat(server.request()).isEmpty();
    }
  }
}
