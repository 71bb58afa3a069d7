package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Whom this server believes when it connects to others over TLS. */
public interface Trust {
  /** What Java believes, and nothing that could be installed. */
  Trust USUAL =
      new Trust() {
        @Override
        public SSLContext context() {
          try {
            return SSLContext.getDefault();
          } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
          }
        }

        @Override
        public Set<String> names(Kind kind) {
          return Set.of();
        }

        @Override
        public void install(Kind kind, String name, String pem) {
          throw new DriverException(Reason.UNSUPPORTED, "no certificates are kept here");
        }

        @Override
        public void uninstall(Kind kind, String name) {
          throw new TrustException(TrustException.Reason.DOES_NOT_EXIST, kind, name);
        }

        @Override
        public void reread() {}
      };

  /** What is kept. */
  enum Kind {
    /** A certificate that vouches for itself and, as an authority, for others. */
    CERTIFICATE,
    /** A list of certificates that an authority takes back. */
    REVOCATION_LIST
  }

  /**
   * What connections are made with now. A later change makes another one, so it is asked for anew
   * with every connection.
   */
  SSLContext context();

  /** The names of what is kept, in order. */
  Set<String> names(Kind kind);

  /**
   * Keeps it, durably, and heeds it from now on.
   *
   * @param pem one block of PEM; text around it is left out
   * @throws TrustException when it is no such thing, or the name cannot be used
   */
  void install(Kind kind, String name, String pem);

  /**
   * Forgets it.
   *
   * @throws TrustException when there is none of this name
   */
  void uninstall(Kind kind, String name);

  /**
   * Reads all that is kept anew, in case somebody changed the files.
   *
   * @throws TrustException for the first file that is damaged; the others are in force
   */
  void reread();
}
