package io.keelson.http.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
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
  private static final String KEY = "server.key";

  private ServerCertificate() {}

  /**
   * What encrypts connections with the certificate of a directory.
   *
   * @param names of this host, for a certificate that is made
   */
  public static SslContext context(Path directory, List<String> names, TlsPolicy policy)
      throws IOException {
    Path certificate = directory.resolve(CERTIFICATE);
    Path key = directory.resolve(KEY);
    if (!Files.exists(certificate) || !Files.exists(key) || mustRenew(certificate)) {
      SelfSigned.write(certificate, key, names, Instant.now());
    }
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .sslProvider(SslProvider.JDK)
          .protocols(policy.protocols())
          .ciphers(policy.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
          .build();
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException("cannot use " + certificate + " with " + key, e);
    }
  }

  /**
   * Makes a new certificate in the place of one that signs itself.
   *
   * @return whether that was so; a certificate that somebody else has signed stays
   */
  public static boolean renew(Path directory, List<String> names) throws IOException {
    Path certificate = directory.resolve(CERTIFICATE);
    if (!signsItself(read(certificate))) {
      return false;
    }
    SelfSigned.write(certificate, directory.resolve(KEY), names, Instant.now());
    return true;
  }

  /** The certificate of a directory as it is shown to clients. */
  public static String pem(Path directory) throws IOException {
    return Files.readString(directory.resolve(CERTIFICATE));
  }

  private static boolean mustRenew(Path file) throws IOException {
    X509Certificate certificate = read(file);
    if (Instant.now().isBefore(certificate.getNotAfter().toInstant())) {
      return false;
    }
    if (signsItself(certificate)) {
      return true;
    }
    LOG.warn("The certificate in {} expired at {}", file, certificate.getNotAfter().toInstant());
    return false;
  }

  private static boolean signsItself(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  private static X509Certificate read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException e) {
      throw new IOException("no certificate in " + file, e);
    }
  }
}
