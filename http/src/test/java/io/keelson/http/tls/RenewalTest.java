package io.keelson.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a certificate that has expired. */
class RenewalTest {
  @TempDir private Path directory;

  @Test
  void ownCertificateIsMadeAnew() throws Exception {
    Path certificate = directory.resolve("server.pem");
    Instant longAgo = Instant.now().minus(Duration.ofDays(4_000));
    SelfSigned.write(certificate, directory.resolve("server.key"), List.of("a"), longAgo);
    byte[] expired = Files.readAllBytes(certificate);
    assertThat(ServerCertificate.context(directory, List.of("a"), TlsPolicy.MODERN).isServer())
        .isTrue();
    assertThat(Files.readAllBytes(certificate)).isNotEqualTo(expired);
  }
}
