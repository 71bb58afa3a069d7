package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shares of SMB servers, mounted by the kernel's client: nothing else here speaks SMB. */
record SmbShare(Mounts mounts, PasswordFiles passwords) implements Share {
  private static final Pattern SHARE =
      Pattern.compile(
          "[\\\\/]{2}([0-9A-Za-z._-]+)[\\\\/]([^\\\\/\\p{Cntrl}]+(?:[\\\\/][^\\p{Cntrl}]*)?)");

  /**
   * QEMU locks bytes of its images; a server that takes such locks for orders would refuse those
   * bytes to everybody else.
   */
  private static final String LOCKS_STAY_HERE = "nobrl";

  /** Disks are links to their images, and SMB has none: the client keeps them as small files. */
  private static final String LINKS = "mfsymlinks";

  @Override
  public StorageKind kind() {
    return FolderKinds.SMB;
  }

  @Override
  public Path open(UUID sr, Map<String, String> config) {
    String share = config.getOrDefault("server", "");
    if (share.isEmpty()) {
      throw DriverException.of(StorageFault.SERVER_MISSING, "");
    }
    return open(sr, share, config, config.getOrDefault("password", ""));
  }

  /** The root of a share of the form {@code //SERVER/SHARE[/PATH]}. */
  Path open(UUID sr, String share, Map<String, String> config, String password) {
    Matcher named = SHARE.matcher(share);
    if (!named.matches()) {
      throw DriverException.of(
          StorageFault.SMB_MOUNT, share + " is not of the form //SERVER/SHARE");
    }
    Requirements.root("mounting a share");
    String _ = Requirements.program("mount.cifs");
    if (!Requirements.fileSystem("cifs")) {
      throw DriverException.of(StorageFault.UNAVAILABLE, "the kernel has no client for SMB");
    }
    String source = "//" + named.group(1) + "/" + named.group(2).replace('\\', '/');
    try {
      return mounts.mount(
          sr.toString(),
          "cifs",
          source,
          List.of("vers=3.0", LOCKS_STAY_HERE, LINKS, login(sr, config, password)),
          StorageFault.SMB_MOUNT);
    } finally {
      passwords.drop(sr);
    }
  }

  /** The kernel is told who asks by a file, since everybody sees the arguments of a program. */
  private String login(UUID sr, Map<String, String> config, String password) {
    String user = config.getOrDefault("username", "");
    if (user.isEmpty()) {
      return "guest";
    }
    if ((user + password).chars().anyMatch(Character::isISOControl)) {
      throw DriverException.of(StorageFault.SMB_MOUNT, "a name or password has lines of its own");
    }
    return "credentials="
        + passwords.keep(sr, "username=" + user + "\npassword=" + password + "\n");
  }

  @Override
  public void close(UUID sr) {
    mounts.unmount(mounts.folder().resolve(sr.toString()));
  }
}
