package io.keelson.host.storage;

import io.keelson.host.Shares;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Shares, reached in the ways in which repositories in shares are. */
record MountedShares(NfsShare nfs, SmbShare smb) implements Shares {

  @Override
  public Path open(UUID use, Share share) {
    return switch (share) {
      case Share.Nfs(String server, String path) ->
          nfs.open(use, Map.of("server", server, "serverpath", path));
      case Share.Smb(String location, String username, String password) ->
          smb.open(use, location, Map.of("username", username), password);
    };
  }

  @Override
  public void close(UUID use, Share share) {
    switch (share) {
      case Share.Nfs _ -> nfs.close(use);
      case Share.Smb _ -> smb.close(use);
    }
  }
}
