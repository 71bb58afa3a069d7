package io.keelson.server;

import io.keelson.control.host.Agent;
import io.keelson.control.host.SyslogTarget;
import io.keelson.http.tls.ServerCertificate;
import io.keelson.http.tls.TlsPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * This process.
 *
 * @param ends is told how the server is to end
 * @param newest of its log
 * @param doors by which clients come in
 * @param tls where the certificate is, if the server has one
 */
record ServerAgent(Consumer<Agent.End> ends, Optional<Path> tls, ServerLog newest, Doors doors)
    implements Agent {
  @Override
  public void end(End how) {
    ends.accept(how);
  }

  @Override
  public String log() {
    return newest.newest();
  }

  @Override
  public void forwardLog(UUID host, Optional<SyslogTarget> to) {
    newest.forward(host, to);
  }

  @Override
  public Optional<String> openAddress() {
    return doors.openAddress();
  }

  @Override
  public void manageAt(Optional<InetAddress> address) throws IOException {
    doors.manageAt(address);
  }

  @Override
  public void legacyTls(boolean allowed) throws IOException {
    doors.allow(allowed ? TlsPolicy.LEGACY : TlsPolicy.MODERN);
  }

  @Override
  public void renamed(String hostname) throws IOException {
    doors.rename(hostname);
  }

  @Override
  public Optional<String> certificate() {
    try {
      return tls.isEmpty() ? Optional.empty() : Optional.of(ServerCertificate.pem(tls.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
