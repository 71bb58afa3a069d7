package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.VmppArchiveTargetType;
import io.keelson.host.Shares;
import io.keelson.host.Shares.Share;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where archives go: a share of an NFS server ({@code SERVER:/PATH}) or of an SMB server ({@code
 * //SERVER/SHARE}), or a folder that the host has anyway ({@code /PATH}).
 */
sealed interface ArchivePlace {
  /** The root of the place, until it is closed. */
  Path open(Shares shares);

  /** Lets go of it. */
  void close(Shares shares);

  /** A folder of the host. */
  record Folder(Path path) implements ArchivePlace {
    @Override
    public Path open(Shares shares) {
      return path;
    }

    @Override
    public void close(Shares shares) {}
  }

  /** A share, reached under a name of its own. */
  record Remote(UUID use, Share share) implements ArchivePlace {
    @Override
    public Path open(Shares shares) {
      return shares.open(use, share);
    }

    @Override
    public void close(Shares shares) {
      shares.close(use, share);
    }
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE for a location that is none of its type
   */
  static ArchivePlace of(
      VmppArchiveTargetType type, String location, String username, String password) {
    return switch (type) {
      case NONE -> throw ApiErrors.operationNotAllowed("there is no place for archives");
      case NFS -> ofNfs(location);
      case CIFS -> new Remote(UUID.randomUUID(), new Share.Smb(location, username, password));
    };
  }

  private static ArchivePlace ofNfs(String location) {
    if (location.startsWith("/") && location.indexOf('\0') < 0) {
      return new Folder(Path.of(location));
    }
    Matcher named = Pattern.compile("([^/]+):(/.*)").matcher(location);
    if (!named.matches()) {
      throw ApiErrors.invalidValue("archive-target-config:location", location);
    }
    return new Remote(UUID.randomUUID(), new Share.Nfs(named.group(1), named.group(2)));
  }
}
