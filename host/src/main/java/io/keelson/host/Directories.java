package io.keelson.host;

import io.keelson.host.DirectoryException.Reason;
import java.util.Map;
import java.util.Set;

/** The kinds of directories that this process can ask. */
public interface Directories {
  /** None at all. */
  Directories NONE =
      new Directories() {
        @Override
        public Set<String> kinds() {
          return Set.of();
        }

        @Override
        public Directory open(String kind, String service, Map<String, String> settings) {
          throw new DirectoryException(Reason.INVALID, "no directories of kind " + kind);
        }
      };

  /** Names of the kinds, as {@code auth_type} has them. */
  Set<String> kinds();

  /**
   * A directory by its settings; asks it nothing yet. Raises INVALID when the settings make no
   * sense.
   *
   * @param service the directory's name: of Active Directory, its domain
   * @param settings the password, {@code pass}, in clear
   */
  Directory open(String kind, String service, Map<String, String> settings);
}
