package io.keelson.control.host;

import io.keelson.api.ApiErrors;
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
}
