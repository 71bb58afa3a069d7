package io.keelson.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that this system believes: those of the file that {@code SSL_CERT_FILE} names, as
 * other programs read it, or of the usual file, or of the JDK.
 */
final class SystemTrust {
  private static final Path USUAL = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private SystemTrust() {}

  static X509ExtendedTrustManager open(Map<String, String> environment) {
    Optional<Path> named =
        Optional.ofNullable(environment.get("SSL_CERT_FILE"))
            .filter(name -> !name.isEmpty())
            .map(Path::of);
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities(named.or(() -> Optional.of(USUAL).filter(Files::isReadable))));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("every JDK knows certificates");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the system's authorities cannot be read: " + e, e);
    }
  }

  /** Null for those of the JDK. */
  private static @Nullable KeyStore authorities(Optional<Path> file)
      throws GeneralSecurityException, IOException {
    if (file.isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file.get())) {
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(Integer.toString(number), authority);
        number++;
      }
    }
    return store;
  }
}
