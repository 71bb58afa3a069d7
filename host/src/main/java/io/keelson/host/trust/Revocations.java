package io.keelson.host.trust;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Refuses certificates that an installed list takes back. A list counts for the authority whose key
 * signed it, also when it should have been replaced by a newer one: what was taken back stays so.
 * Authorities without a list are believed, for whoever installs one decides what is checked.
 */
final class Revocations extends PKIXCertPathChecker {
  private final List<X509CRL> lists;
  private final List<X509Certificate> authorities;
  private Optional<PublicKey> above = Optional.empty();

  Revocations(Collection<X509CRL> lists, Collection<X509Certificate> authorities) {
    this.lists = List.copyOf(lists);
    this.authorities = List.copyOf(authorities);
  }

  /** Whether a list of one of the authorities names it. */
  boolean names(X509Certificate certificate) {
    return lists.stream()
        .filter(list -> list.isRevoked(certificate))
        .anyMatch(list -> authorities.stream().anyMatch(a -> isOf(list, a)));
  }

  private static boolean isOf(X509CRL list, X509Certificate authority) {
    X500Principal subject = authority.getSubjectX500Principal();
    return list.getIssuerX500Principal().equals(subject)
        && isSignedBy(list, authority.getPublicKey());
  }

  private static boolean isSignedBy(X509CRL list, PublicKey key) {
    try {
      list.verify(key);
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** Certificates come in order, the one below the trusted authority first. */
  @Override
  public void init(boolean forward) throws CertPathValidatorException {
    if (forward) {
      throw new CertPathValidatorException("certificates are checked from the authority down");
    }
    above = Optional.empty();
  }

  @Override
  public boolean isForwardCheckingSupported() {
    return false;
  }

  @Override
  public Set<String> getSupportedExtensions() {
    return Set.of();
  }

  @Override
  public void check(Certificate certificate, Collection<String> unresolved)
      throws CertPathValidatorException {
    X509Certificate x509 = (X509Certificate) certificate;
    boolean byNeighbour =
        above.isPresent()
            && lists.stream()
                .anyMatch(list -> list.isRevoked(x509) && isSignedBy(list, above.get()));
    if (byNeighbour || names(x509)) {
      throw new CertPathValidatorException(
          "certificate %s has been revoked".formatted(x509.getSerialNumber().toString(16)),
          null,
          null,
          -1,
          BasicReason.REVOKED);
    }
    above = Optional.of(x509.getPublicKey());
  }
}
