package io.keelson.host.directory;

import io.keelson.host.Directories;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.util.Map;
import java.util.Set;

/**
 * Directories that are asked over LDAP.
 *
 * @param trust in servers of directories that name no authority of their own
 */
public record LdapDirectories(Trust trust) implements Directories {
  public static final String LDAP = "LDAP";
  public static final String ACTIVE_DIRECTORY = "AD";

  @Override
  public Set<String> kinds() {
    return Set.of(LDAP, ACTIVE_DIRECTORY);
  }

  @Override
  public Directory open(String kind, String service, Map<String, String> settings) {
    Schema schema =
        switch (kind) {
          case LDAP -> Schema.LDAP;
          case ACTIVE_DIRECTORY -> Schema.ACTIVE_DIRECTORY;
          default -> throw new DirectoryException(Reason.INVALID, "no directories of kind " + kind);
        };
    LdapSettings read = LdapSettings.read(schema, service, settings);
    return new LdapDirectory(read, LdapConnections.to(read, trust));
  }
}
