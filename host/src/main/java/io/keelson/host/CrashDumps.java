package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What hosts' kernels wrote down when they crashed. */
public interface CrashDumps {
  /** Those of hosts that write none. */
  CrashDumps NONE =
      new CrashDumps() {
        @Override
        public List<Dump> list(UUID host) {
          return List.of();
        }

        @Override
        public List<File> files(UUID host, String dump) {
          throw new DriverException(Reason.NOT_FOUND, "no crash dump " + dump);
        }

        @Override
        public InputStream open(UUID host, String dump, String file) {
          throw new DriverException(Reason.NOT_FOUND, "no crash dump " + dump);
        }

        @Override
        public void delete(UUID host, String dump) {}
      };

  /**
   * One crash.
   *
   * @param name of the dump on its host
   * @param sizeBytes of all its files
   */
  record Dump(String name, Instant timestamp, long sizeBytes) {}

  /** A file of a dump. */
  record File(String name, long sizeBytes) {}

  /** The host's dumps, the oldest first. */
  List<Dump> list(UUID host);

  /** The files of a dump; raises NOT_FOUND. */
  List<File> files(UUID host, String dump);

  /** A file's content, from its start; raises NOT_FOUND. */
  InputStream open(UUID host, String dump, String file);

  /** Removes a dump; one that is gone already is passed over. */
  void delete(UUID host, String dump);
}
