package io.keelson.host.machine;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Trust;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS to devices whose certificates nobody has signed: trusted is the very one that is known. */
final class PinnedTls extends X509ExtendedTrustManager {
  private final String fingerprint;

  private PinnedTls(String fingerprint) {
    this.fingerprint = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
  }

  /**
   * @param fingerprint SHA-256 of the only certificate to be trusted, in hexadecimal; without one,
   *     whom the server trusts
   */
  static SSLContext context(Optional<String> fingerprint, Trust trust) {
    if (fingerprint.isEmpty()) {
      return trust.context();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new PinnedTls(fingerprint.get())}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new DriverException(Reason.FAILED, "TLS cannot be set up: " + e, e);
    }
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
      String found = HexFormat.of().formatHex(digest);
      if (!found.equals(fingerprint)) {
        throw new CertificateException("its certificate is another one, " + found);
      }
    } catch (GeneralSecurityException e) {
      throw e instanceof CertificateException c ? c : new CertificateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
