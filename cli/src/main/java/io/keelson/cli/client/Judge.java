package io.keelson.cli.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Decides about the certificate that a server shows. */
final class Judge extends X509ExtendedTrustManager {
  private final Optional<Fingerprint> only;
  private final Optional<Fingerprint> agreed;
  private final Supplier<X509ExtendedTrustManager> system;

  /** The certificate is none that will do. */
  static final class RefusedException extends CertificateException {
    private static final long serialVersionUID = 1L;
    private final transient Fingerprint shown;

    private RefusedException(Fingerprint shown) {
      super("not believed: " + shown.text());
      this.shown = shown;
    }

    Fingerprint shown() {
      return shown;
    }
  }

  /**
   * @param only the one that will do, if one was named
   * @param agreed one that will do besides those that the system vouches for
   */
  Judge(
      Optional<Fingerprint> only,
      Optional<Fingerprint> agreed,
      Supplier<X509ExtendedTrustManager> system) {
    this.only = only;
    this.agreed = agreed;
    this.system = system;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    Fingerprint shown = Fingerprint.of(chain[0]);
    if (only.or(() -> agreed).filter(shown::equals).isPresent()) {
      return;
    }
    if (only.isPresent()) {
      throw new RefusedException(shown);
    }
    try {
      system.get().checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      RefusedException refused = new RefusedException(shown);
      refused.addSuppressed(e);
      throw refused;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("only sockets are used");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only sockets are used");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
