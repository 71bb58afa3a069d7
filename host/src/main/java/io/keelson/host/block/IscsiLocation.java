package io.keelson.host.block;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk of an iSCSI target: {@code iscsi://[USER@]HOST:PORT/IQN/LUN[?password-file=PATH]}.
 *
 * @param user for CHAP, with a password
 * @param passwordFile a file that holds the password and nothing else
 */
public record IscsiLocation(
    String host,
    int port,
    String target,
    int lun,
    Optional<String> user,
    Optional<Path> passwordFile) {
  private static final String PASSWORD_FILE = "password-file=";

  static IscsiLocation of(URI url) {
    String[] path = url.getPath().split("/");
    if (path.length != 3) {
      throw new DriverException(Reason.INVALID, "no iSCSI disk: " + url);
    }
    return new IscsiLocation(
        url.getHost(),
        url.getPort(),
        path[1],
        Integer.parseInt(path[2]),
        Optional.ofNullable(url.getUserInfo()),
        Optional.ofNullable(url.getQuery())
            .filter(query -> query.startsWith(PASSWORD_FILE))
            .map(query -> Path.of(query.substring(PASSWORD_FILE.length()))));
  }

  /** The location as a disk's source has it. */
  public String text() {
    try {
      String query = passwordFile.map(file -> PASSWORD_FILE + file).orElse(null);
      return new URI("iscsi", user.orElse(null), host, port, "/" + target + "/" + lun, query, null)
          .toString();
    } catch (java.net.URISyntaxException e) {
      throw new DriverException(Reason.INVALID, "no iSCSI disk: " + e.getMessage(), e);
    }
  }

  String json() {
    StringBuilder json =
        new StringBuilder("{\"driver\":\"iscsi\",\"transport\":\"tcp\",\"portal\":")
            .append(BlockNode.quoted(host + ":" + port))
            .append(",\"target\":")
            .append(BlockNode.quoted(target))
            .append(",\"lun\":")
            .append(lun);
    user.ifPresent(name -> json.append(",\"user\":").append(BlockNode.quoted(name)));
    passwordFile.ifPresent(file ->
        json.append(",\"password-secret\":").append(BlockNode.quoted(new BlockSecret(file).id())));
    return json.append('}').toString();
  }
}
