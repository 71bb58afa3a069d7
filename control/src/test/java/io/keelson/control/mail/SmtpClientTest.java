package io.keelson.control.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mail, as a server gets it. */
class SmtpClientTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

  private final SmtpClient client = new SmtpClient(Duration.ofSeconds(10));

  @Test
  void aMailArrivesForAll() throws Exception {
    try (MailServer server = new MailServer("550 no such user", "<nobody@x>")) {
      client.send(
          "127.0.0.1",
          server.port(),
          Mail.to("a@x, b@y", "Snapshots: größer", "all is well\n.\n…and more", NOW));
      List<String> lines = server.received();
      assertThat(lines)
          .contains(
              "RCPT TO:<a@x>",
              "RCPT TO:<b@y>",
              "To: a@x, b@y",
              "Date: Sat, 31 Jan 2026 12:00:00 +0000",
              "Content-Transfer-Encoding: base64",
              ".",
              "QUIT");
      int body = lines.indexOf("") + 1;
      String text = String.join("", lines.subList(body, lines.lastIndexOf(".")));
      assertThat(new String(Base64.getDecoder().decode(text), UTF_8))
          .isEqualTo("all is well\n.\n…and more");
      String subject =
          lines.stream().filter(l -> l.startsWith("Subject: ")).findFirst().orElseThrow();
      String word = subject.substring("Subject: =?UTF-8?B?".length(), subject.length() - 2);
      assertThat(new String(Base64.getDecoder().decode(word), UTF_8))
          .isEqualTo("Snapshots: größer");
    }
  }

  @Test
  void whatTheServerRefusesIsSaid() throws Exception {
    try (MailServer server = new MailServer("550 no such user", "<nobody@x>")) {
      assertThatThrownBy(
              () -> client.send("127.0.0.1", server.port(), Mail.to("nobody@x", "s", "t", NOW)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("550 no such user");
      assertThatThrownBy(
              () -> client.send("127.0.0.1", server.port(), Mail.to(" , ", "s", "t", NOW)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void nothingIsSmuggledIntoTheConversation() throws Exception {
    try (MailServer server = new MailServer("550", "<nobody@x>")) {
      assertThatThrownBy(() ->
              client.send(
                  "127.0.0.1", server.port(), Mail.to("a@x>\r\nRCPT TO:<b@y", "s", "t", NOW)))
          .isInstanceOf(IOException.class);
      client.send("127.0.0.1", server.port(), Mail.to("a@x", "x\r\nBcc: b@y", "t", NOW));
      assertThat(server.received()).noneMatch(l -> l.startsWith("Bcc"));
    }
  }
}
