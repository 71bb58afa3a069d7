package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** Turns hosts' machines off and on, as far as their operators have said how. */
public interface Power {
  /** Hosts whose operators have not. */
  Power NONE =
      new Power() {
        @Override
        public void reboot(UUID host) {
          throw unset("reboot");
        }

        @Override
        public void shutdown(UUID host) {
          throw unset("shutdown");
        }

        @Override
        public void powerOn(UUID helper, UUID host, Wake way) {
          throw new DriverException(Reason.UNSUPPORTED, "this machine wakes no other");
        }
      };

  /**
   * Begins an orderly restart and returns when it is under way. Raises UNSUPPORTED when no command
   * for it is set, FAILED when the command fails.
   */
  void reboot(UUID host);

  /** Begins an orderly power-off; otherwise as {@link #reboot}. */
  void shutdown(UUID host);

  /**
   * Turns a machine on that is off, and returns when it has been told; when it is up it shows by
   * itself. Raises FAILED when it could not be told.
   *
   * @param helper the host that does it
   */
  void powerOn(UUID helper, UUID host, Wake way);

  /** That a host's operator has set no command for it. */
  static DriverException unset(String what) {
    return new DriverException(
        Reason.UNSUPPORTED,
        "no command for it is set: start the server with --" + what + "-command");
  }

  /** How a machine that is off is reached. */
  sealed interface Wake {}

  /**
   * By a frame that its network card listens for.
   *
   * @param mac six bytes in hexadecimal, with colons
   * @param to where the frame is sent: a broadcast address, as the machine has none while it is off
   */
  record MagicPacket(String mac, InetSocketAddress to) implements Wake {}

  /**
   * By its management controller, which speaks Redfish.
   *
   * @param controller its address: https://HOST[:PORT]
   * @param fingerprint SHA-256 of its certificate in hexadecimal; without one the certificate has
   *     to be one that this machine trusts
   */
  record Controller(URI controller, String user, String password, Optional<String> fingerprint)
      implements Wake {}
}
