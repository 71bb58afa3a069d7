package io.keelson.cli.client;

import static io.keelson.cli.client.ScriptedServer.named;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.cli.client.ScriptedServer.Command;
import io.keelson.cli.client.ScriptedServer.Other;
import io.keelson.cli.client.ScriptedServer.Shown;
import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.Message.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that travel between xe and a server. */
class TransfersTest {
  private static final String OK = "HTTP/1.0 200 OK\r\n\r\n";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("file");
  }

  /** Asks for one transfer, and ends with 0 when xe says that it went well, else with 5. */
  private static Command once(Message.Command wish) {
    return channel -> {
      channel.send(wish);
      Message answer = channel.receive();
      while (answer == Response.WAIT) {
        answer = channel.receive();
      }
      channel.send(new Message.Exit(answer == Response.OK ? 0 : 5));
    };
  }

  private Message.Command get(String url) {
    return new Message.HttpGet(file.toString(), url);
  }

  private Shown xe(Message.Command wish, Other other) throws IOException {
    try (ScriptedServer server = ScriptedServer.transferring(once(wish), other)) {
      return server.xe("", "x", named(file));
    }
  }

  private static Other answering(String reply) {
    return (_, _, out) -> out.write(reply.getBytes(UTF_8));
  }

  @Test
  void aDownloadIsANewFileForItsOwner() throws IOException {
    assertThat(xe(get("/export?x=1"), answering(OK + "content"))).isEqualTo(new Shown(0, "", ""));
    assertThat(file).hasContent("content");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(xe(get("/export"), answering(OK + "other")))
        .isEqualTo(
            new Shown(
                1, "", "Operation failed. Error: file '%s' exists already\n".formatted(file)));
    assertThat(file).hasContent("content");
  }

  @Test
  void whyAFileCannotBeMadeIsTold() throws IOException {
    file = folder.resolve("none/file");
    assertThat(xe(get("/export"), answering(OK + "content")))
        .isEqualTo(
            new Shown(
                1,
                "",
                "Operation failed. Error: file '%s' cannot be made: there is no such folder\n"
                    .formatted(file)));
    Files.createFile(folder.resolve("none"));
    assertThat(xe(get("/export"), answering(OK + "content")).errors())
        .startsWith("Operation failed. Error: file '" + file + "' cannot be made: ")
        .doesNotContain("null");
  }

  @Test
  void withoutANameADownloadIsOutput() throws IOException {
    assertThat(xe(new Message.HttpGet("", "/x"), answering(OK + "out")))
        .isEqualTo(new Shown(0, "out", ""));
  }

  @Test
  void aPartIsNotLeftAsIfItWereTheWhole() throws IOException {
    assertThat(xe(get("/x"), answering("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nhalf")))
        .isEqualTo(new Shown(5, "", ""));
    assertThat(file).doesNotExist();
    try (ScriptedServer server =
        ScriptedServer.transferring(
            channel -> {
              channel.send(get("/x"));
              assertThat(channel.receive()).isEqualTo(Response.OK);
              channel.send(new Message.PrintError("the export failed\n"));
              channel.send(new Message.Exit(1));
            },
            answering(OK + "what came before it failed"))) {
      assertThat(server.xe("", "x", named(file)))
          .isEqualTo(new Shown(1, "", "the export failed\n"));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aRefusalIsTheServersToTell() throws IOException {
    assertThat(xe(get("/x"), answering("HTTP/1.1 403 Forbidden\r\n\r\n")))
        .isEqualTo(new Shown(5, "", ""));
    assertThat(xe(get("/x"), answering("rubbish\r\n\r\n"))).isEqualTo(new Shown(5, "", ""));
    assertThat(file).doesNotExist();
  }

  @Test
  void anUploadWaitsForItsLeaveAndSaysHowLongItIs() throws IOException {
    Files.writeString(file, "uploaded");
    CompletableFuture<String> heard = new CompletableFuture<>();
    Shown shown =
        xe(
            new Message.HttpPut(file.toString(), "/import?y"),
            (head, in, out) -> {
              out.write(OK.getBytes(UTF_8));
              heard.complete(head + new String(in.readAllBytes(), UTF_8));
            });
    assertThat(shown).isEqualTo(new Shown(0, "", ""));
    assertThat(heard.join())
        .isEqualTo("PUT /import?y HTTP/1.0\r\nContent-Length: 8\r\n\r\nuploaded");
    Files.delete(file);
    assertThat(xe(new Message.HttpPut(file.toString(), "/import"), answering(OK)))
        .isEqualTo(
            new Shown(
                1, "", "Operation failed. Error: file '%s' does not exist\n".formatted(file)));
  }

  @Test
  void aServerSendsOnToItselfAndToNobodyInPlain() throws IOException {
    assertThat(
            xe(
                get("/from"),
                (head, _, out) ->
                    out.write(
                        (head.startsWith("GET /from ")
                                ? "HTTP/1.1 302 Found\r\nLocation: /to\r\n\r\n"
                                : OK + "there")
                            .getBytes(UTF_8))))
        .isEqualTo(new Shown(0, "", ""));
    assertThat(file).hasContent("there");
    Files.delete(file);
    Shown shown =
        xe(get("/x"), answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:1/x\r\n\r\n"));
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.errors())
        .isEqualTo(
            "Error: refused to go on to 127.0.0.2, where the server sent us: not encrypted\n");
    assertThat(xe(get("/x"), answering("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")))
        .isEqualTo(new Shown(5, "", ""));
    assertThat(file).doesNotExist();
  }

  @Test
  void aConsoleIsJoinedUntilItsUserLeaves() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.transferring(
            once(new Message.HttpConnect("/console?x")),
            (head, in, out) -> {
              boolean right = head.startsWith("CONNECT /console?x ");
              out.write(("HTTP/1.1 200 OK\r\n\r\n" + (right ? "login: " : "?")).getBytes(UTF_8));
              byte[] typed = in.readNBytes(5);
              out.write(typed);
              out.flush();
              byte[] _ = in.readAllBytes();
            })) {
      Shown shown = server.xe("root\n\u001dnot sent", "console");
      assertThat(shown.status()).isZero();
      assertThat(shown.output()).isSubstringOf("login: root\n");
    }
    try (ScriptedServer server =
        ScriptedServer.transferring(
            once(new Message.HttpConnect("/console")),
            (_, in, out) -> {
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
              out.write(in.readNBytes(5));
              byte[] _ = in.readAllBytes();
            })) {
      assertThat(server.xe("date\n", "console")).isEqualTo(new Shown(0, "date\n", ""));
    }
    try (ScriptedServer server =
        ScriptedServer.transferring(
            once(new Message.HttpConnect("/console")), answering("HTTP/1.1 404 No\r\n\r\n"))) {
      assertThat(server.xe("", "console"))
          .isEqualTo(
              new Shown(5, "", "Server replied with HTTP 404: the console is not available\n"));
    }
  }
}
