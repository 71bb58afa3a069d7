package io.keelson.server;

import io.keelson.control.host.Agent;
import io.keelson.http.tls.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * This process.
 *
 * @param ends is told how the server is to end
 * @param tls where the certificate is, if the server has one
 */
record ServerAgent(Consumer<Agent.End> ends, Optional<Path> tls) implements Agent {
  @Override
  public void end(End how) {
    ends.accept(how);
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
