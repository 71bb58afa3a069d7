package io.keelson.cli.client;

import io.keelson.cli.client.Judge.RefusedException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Whom xe believes: a server with the certificate that the command line names, or one that its user
 * has agreed to before, or one that the system's authorities vouch for. At a terminal its user is
 * asked about others; elsewhere they are refused.
 */
final class Trust {
  private final Optional<String> wanted;
  private final KnownServers known;
  private final Screen screen;
  private final Map<String, String> environment;

  /**
   * @param wanted fingerprint of the one certificate that will do
   */
  Trust(Optional<String> wanted, Screen screen, Map<String, String> environment) {
    this.wanted = wanted;
    this.known = KnownServers.of(environment);
    this.screen = screen;
    this.environment = environment;
  }

  /**
   * Encrypts a connection; nothing is said over it before the server is believed.
   *
   * @throws ClientException when the server is not believed
   */
  SSLSocket secure(Socket socket, String host, int port) throws IOException {
    Optional<Fingerprint> agreed = known.find(host, port);
    Optional<Fingerprint> only =
        wanted.isPresent() ? Optional.of(Fingerprint.parse(wanted.get())) : Optional.empty();
    Judge judge = new Judge(only, agreed, () -> SystemTrust.open(environment));
    SSLSocket secure = socket(judge, socket, host, port);
    try {
      secure.startHandshake();
      return secure;
    } catch (SSLException e) {
      secure.close();
      Optional<RefusedException> refused = refused(e);
      if (refused.isEmpty()) {
        throw ClientException.failed(
            "Error: no encrypted connection to " + host + " port " + port + ": " + reason(e));
      }
      Fingerprint shown = refused.get().shown();
      if (only.isPresent()) {
        throw ClientException.failed(
            "The certificate of %s port %d is not the one of --fingerprint: it has SHA-256 %s"
                .formatted(host, port, shown.text()));
      }
      if (agreed.isPresent()) {
        throw changed(host, port, agreed.get(), shown);
      }
      agree(host, port, shown);
      return secure(Server.connect(host, port), host, port);
    }
  }

  private static SSLSocket socket(Judge judge, Socket socket, String host, int port)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {judge}, new SecureRandom());
      SSLSocket secure =
          (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      return secure;
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK cannot encrypt", e);
    }
  }

  /** Of what does not look like TLS at all, Java's own words would help nobody. */
  private static String reason(SSLException e) {
    String text = String.valueOf(e.getMessage());
    return text.equals("Unsupported or unrecognized SSL message")
        ? "what answers there speaks no TLS (--nossl connects without it)"
        : text;
  }

  private static Optional<RefusedException> refused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedException refused) {
        return Optional.of(refused);
      }
    }
    return Optional.empty();
  }

  private ClientException changed(String host, int port, Fingerprint before, Fingerprint shown) {
    return ClientException.failed(
        """
        WARNING: the certificate of %1$s port %2$d has changed!
        Somebody may be between you and the server, or it has been given a new certificate.
          before: %3$s
          now:    %4$s
        Nothing was sent. Ask whoever runs the server. When the new one is right, remove the line
        of %5$s from %6$s\
        """
            .formatted(
                host,
                port,
                before.text(),
                shown.text(),
                KnownServers.name(host, port),
                known.file()));
  }

  /** Asks its user whether the certificate is right, and remembers when it is. */
  private void agree(String host, int port, Fingerprint shown) throws IOException {
    String unknown =
        "Nobody vouches for the certificate of %s port %d. It has the SHA-256 fingerprint\n  %s\n"
            .formatted(host, port, shown.text());
    if (!screen.canAsk()) {
      throw ClientException.failed(
          unknown
              + "If that is the server's, give --fingerprint "
              + shown.text()
              + ", or connect once at a terminal and agree to it.");
    }
    screen.note(unknown + "Is that the server's (yes/no)? ");
    if (!screen.line().strip().toLowerCase(Locale.ROOT).equals("yes")) {
      throw ClientException.failed("Nothing was sent.");
    }
    known.add(host, port, shown);
  }
}
