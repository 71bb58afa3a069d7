package io.keelson.cli.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a certificate is known by: the SHA-256 of it, in pairs of capital hexadecimal digits with
 * colons between.
 */
record Fingerprint(String text) {
  private static final HexFormat PAIRS = HexFormat.ofDelimiter(":").withUpperCase();
  private static final String KIND = "SHA256:";
  private static final int BYTES = 32;

  static Fingerprint of(X509Certificate certificate) throws CertificateEncodingException {
    try {
      return new Fingerprint(
          PAIRS.formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * As people give it: with colons or without, in capitals or not.
   *
   * @throws ClientException when it is none
   */
  static Fingerprint parse(String given) throws ClientException {
    String text = given.toUpperCase(Locale.ROOT);
    if (text.startsWith(KIND)) {
      text = text.substring(KIND.length());
    }
    try {
      byte[] bytes = HexFormat.of().parseHex(text.replace(":", ""));
      if (bytes.length == BYTES) {
        return new Fingerprint(PAIRS.formatHex(bytes));
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw ClientException.failed(
        "Error: not the SHA-256 fingerprint of a certificate (64 hexadecimal digits): " + given);
  }
}
