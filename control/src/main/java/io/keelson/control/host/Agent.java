package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.UUID;

/** This server as a process, which hosts' messages are about too. */
public interface Agent {
  /** One that is part of a larger program: it does not end, and has no certificate. */
  Agent NONE =
      new Agent() {
        @Override
        public void end(End how) {
          throw ApiErrors.operationNotAllowed("this server is part of another program");
        }

        @Override
        public Optional<String> certificate() {
          return Optional.empty();
        }

        @Override
        public String log() {
          return "";
        }

        @Override
        public void forwardLog(UUID host, Optional<SyslogTarget> to) {}

        @Override
        public Optional<String> openAddress() {
          return Optional.empty();
        }

        @Override
        public void manageAt(Optional<InetAddress> address) {}

        @Override
        public void legacyTls(boolean allowed) {}

        @Override
        public void renamed(String hostname) {}
      };

  /** What becomes of it, at an administrator's wish. */
  enum End {
    /** It starts anew. */
    RESTART,
    /** It is stopped. */
    SHUTDOWN
  }

  /** Ends it a moment after this was said. */
  void end(End how);

  /** The certificate that it shows to clients, as PEM; none without TLS. */
  Optional<String> certificate();

  /** The newest of what it has written about itself, a mebibyte at most. */
  String log();

  /** Sends what it writes from now on for a host to another machine too, or no longer. */
  void forwardLog(UUID host, Optional<SyslogTarget> to);

  /** An address, other than the machine's own, at which its configuration has it listen. */
  Optional<String> openAddress();

  /**
   * Listens at one more address than its configuration says, instead of the one named before.
   *
   * @throws IOException when the address cannot be had; all stays as it was
   */
  void manageAt(Optional<InetAddress> address) throws IOException;

  /**
   * Lets clients in that know only older versions of TLS, or no longer.
   *
   * @throws IOException when that is not possible; all stays as it was
   */
  void legacyTls(boolean allowed) throws IOException;

  /**
   * Puts the machine's new name into the certificate, where that signs itself.
   *
   * @throws IOException when there can be no new one; the old one goes on
   */
  void renamed(String hostname) throws IOException;
}
