package io.keelson.host.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One thing in PEM (RFC 7468), and nothing beside it: a private key must not slip in. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private Pem() {}

  /** A certificate; older programs head it differently. */
  static X509Certificate certificate(String text) throws GeneralSecurityException {
    byte[] der = content(text, "(X509 )?CERTIFICATE");
    return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
  }

  /** A revocation list. */
  static X509CRL revocationList(String text) throws GeneralSecurityException {
    return (X509CRL) factory().generateCRL(new ByteArrayInputStream(content(text, "X509 CRL")));
  }

  /** As it is kept. */
  static String text(String type, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, lines, type);
  }

  private static byte[] content(String text, String type) throws CertificateException {
    Matcher block = BLOCK.matcher(text);
    if (!block.find() || !block.group(1).matches(type)) {
      throw new CertificateException("no block of this type");
    }
    String content = block.group(2);
    if (block.find() || text.split("-----BEGIN ", -1).length != 2) {
      throw new CertificateException("more than one block");
    }
    try {
      return Base64.getMimeDecoder().decode(content.strip().getBytes(US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new CertificateException("not Base64", e);
    }
  }

  private static CertificateFactory factory() throws CertificateException {
    return CertificateFactory.getInstance("X.509");
  }
}
