package io.keelson.http.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate in server.pem with its key in server.key. One that is absent is made; one that
 * has expired is made anew if it was signed by itself, and otherwise left to whoever put it there.
 */
public final class ServerCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  private static final String CERTIFICATE = "server.pem";

  private ServerCertificate() {}

  /**
   * What encrypts connections with the certificate of a directory: TLS 1.2 and 1.3.
   *
   * @param names of this host, for a certificate that is made
   */
  public static SslContext context(Path directory, List<String> names) throws IOException {
    Path certificate = directory.resolve(CERTIFICATE);
    Path key = directory.resolve("server.key");
    if (!Files.exists(certificate) || !Files.exists(key) || mustRenew(certificate)) {
      SelfSigned.write(certificate, key, names, Instant.now());
    }
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException("cannot use " + certificate + " with " + key, e);
    }
  }

  /** The certificate of a directory as it is shown to clients. */
  public static String pem(Path directory) throws IOException {
    return Files.readString(directory.resolve(CERTIFICATE));
  }

  private static boolean mustRenew(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (Instant.now().isBefore(certificate.getNotAfter().toInstant())) {
        return false;
      }
      if (certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())) {
        return true;
      }
      LOG.warn("The certificate in {} expired at {}", file, certificate.getNotAfter().toInstant());
      return false;
    } catch (CertificateException e) {
      throw new IOException("no certificate in " + file, e);
    }
  }
}
