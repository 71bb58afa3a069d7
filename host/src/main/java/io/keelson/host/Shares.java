package io.keelson.host;

import java.nio.file.Path;
import java.util.UUID;

/** Shares of file servers that are used for something else than repositories. */
public interface Shares {
  /** Where there are none. */
  Shares NONE =
      new Shares() {
        @Override
        public Path open(UUID use, Share share) {
          throw new DriverException(
              DriverException.Reason.UNSUPPORTED, "shares cannot be reached here");
        }

        @Override
        public void close(UUID use, Share share) {}
      };

  /** What is to be reached. */
  sealed interface Share {
    /** An export of an NFS server. */
    record Nfs(String server, String path) implements Share {}

    /**
     * A share of an SMB server.
     *
     * @param location {@code //SERVER/SHARE}, with a path below it or not
     * @param username empty for a guest
     */
    record Smb(String location, String username, String password) implements Share {}
  }

  /**
   * The root of the share. Asked again, it says the same until it is closed.
   *
   * @param use names what it is opened for
   * @throws DriverException why it cannot be reached
   */
  Path open(UUID use, Share share);

  /** Lets go of it; harmless when it is not open. */
  void close(UUID use, Share share);
}
