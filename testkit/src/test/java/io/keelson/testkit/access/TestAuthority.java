package io.keelson.testkit.access;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that nobody knows: it issues certificates and takes them back. */
public final class TestAuthority {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Duration LIFE = Duration.ofDays(2);

  private final X500Name name;
  private final KeyPair keys = keys();
  private final X509Certificate certificate;

  public TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    this.certificate = issue(this.name, keys, 1, true);
  }

  /** A server's certificate and its key. */
  public record Issued(X509Certificate certificate, KeyPair keys) {}

  /** For a server at 127.0.0.1. */
  public Issued server(long serial) {
    KeyPair server = keys();
    return new Issued(issue(new X500Name("CN=server " + serial), server, serial, false), server);
  }

  /** What a server shows the certificate with. */
  public SSLContext serving(Issued server) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    X509Certificate[] chain = {server.certificate()};
    store.setKeyEntry("server", server.keys().getPrivate(), PASSWORD, chain);
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), null, null);
    return context;
  }

  /** The authority's own certificate. */
  public String pem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  /** A list that takes one certificate back. */
  public String revoking(long serial) throws IOException {
    var list = new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), at(Duration.ZERO));
    list.addCRLEntry(BigInteger.valueOf(serial), at(Duration.ZERO), CRLReason.keyCompromise);
    list.setNextUpdate(at(LIFE));
    return pem("X509 CRL", list.build(signer(keys)).getEncoded());
  }

  private X509Certificate issue(X500Name subject, KeyPair of, long serial, boolean authority) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.valueOf(serial),
                  at(LIFE.negated()),
                  at(LIFE),
                  subject,
                  of.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(keys)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(KeyPair by) {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Date at(Duration fromNow) {
    return Date.from(Instant.now().plus(fromNow));
  }

  /** A certificate. */
  public static String pem(X509Certificate certificate) throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(String what, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
  }
}
