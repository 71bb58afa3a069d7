package io.keelson.control.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose patches are believed: certificates that the operator has put into a folder by hand, as
 * {@code NAME.pem}. No message of the API adds one.
 */
record PatchKeys(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(PatchKeys.class);
  private static final String ENDING = ".pem";
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /**
   * What checks signatures of each of them, of SHA-256. A certificate that is out of date, and one
   * that somebody else may have written, counts for nothing.
   */
  List<Signature> checks() throws IOException {
    if (!Files.isDirectory(folder) || !isSafe(folder)) {
      return List.of();
    }
    List<Signature> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ENDING)).sorted().toList()) {
        if (isSafe(file)) {
          check(file, found);
        }
      }
    }
    return found;
  }

  private static void check(Path file, List<Signature> found) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity();
      PublicKey key = certificate.getPublicKey();
      Signature signature =
          Signature.getInstance(
              switch (key.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> throw new GeneralSecurityException(key.getAlgorithm());
              });
      signature.initVerify(key);
      found.add(signature);
    } catch (GeneralSecurityException e) {
      LOG.warn("{} vouches for no patches: {}", file, e.toString());
    }
  }

  private static boolean isSafe(Path file) throws IOException {
    PosixFileAttributes facts = Files.readAttributes(file, PosixFileAttributes.class);
    String owner = facts.owner().getName();
    boolean safe =
        (owner.equals("root") || owner.equals(System.getProperty("user.name")))
            && facts.permissions().stream().noneMatch(OTHERS::contains);
    if (!safe) {
      LOG.warn("{} vouches for no patches: others may write it", file);
    }
    return safe;
  }
}
