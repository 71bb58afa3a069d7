package io.keelson.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfSignedTest {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "host.example.com, 2",
    "42, 2",
    "1.2.3, 2",
    "300.1.1.1, 2",
    "192.0.2.7, 7",
    "2001:db8:0:0:0:0:0:7, 7"
  })
  void hostsMayHaveNamesOfDigitsAlone(String name, int kind)
      throws IOException, GeneralSecurityException {
    Path file = directory.resolve("server.pem");

    SelfSigned.write(file, directory.resolve("server.key"), List.of(name), Instant.now());

    assertThat(certificate(file).getSubjectAlternativeNames())
        .contains(List.of(kind, name), List.of(DNS, "localhost"), List.of(ADDRESS, "127.0.0.1"));
  }

  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
