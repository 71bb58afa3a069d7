package io.keelson.host.directory;

import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Which servers are believed to be who they say. */
final class LdapTrust {
  private LdapTrust() {}

  /**
   * @param trust for directories that name no authority of their own
   */
  static SSLSocketFactory sockets(LdapSettings settings, Trust trust) {
    try {
      if (!settings.verify()) {
        return new SSLUtil(new TrustAllTrustManager()).createSSLSocketFactory();
      }
      if (settings.authorities().isBlank()) {
        return new CurrentSockets(trust);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManagerFactory authorities =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      authorities.init(store(settings.authorities()));
      context.init(null, authorities.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new DirectoryException(
          Reason.INVALID, "ca is not certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static KeyStore store(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    if (number == 0) {
      throw new DirectoryException(Reason.INVALID, "ca holds no certificate in PEM");
    }
    return store;
  }
}
