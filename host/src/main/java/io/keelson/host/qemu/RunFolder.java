package io.keelson.host.qemu;

import io.keelson.host.Consoles;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The folder of one running domain: its sockets, its logs and the record of what it runs.
 *
 * @param path {@code DATA/run/domains/UUID}, absolute; readable by its owner only
 */
record RunFolder(Path path) {
  static final String QMP = "qmp.sock";
  static final String SERIAL = "serial.sock";
  static final String SERIAL_LOG = "serial.log";
  static final String SCREEN = "vnc.sock";
  static final String AGENT = "agent.sock";
  static final String LOG = "qemu.log";

  /** Where QEMU finds the machine's TPM. */
  static final String TPM = "tpm.sock";

  static final String TPM_LOG = "tpm.log";

  /** The link to where the TPM remembers. */
  static final String TPM_STATE = "tpm";

  /** Where the TPM of a machine remembers that is arriving. */
  private static final String TPM_ARRIVING = "tpm.arriving";

  static final String GUEST_DATA = "guest-data.json";
  static final String AGENT_SETTINGS = "agent-settings.json";
  private static final String RECORD = "domain.json";

  /** How the folder of a run ends that is to follow the one that goes on meanwhile. */
  private static final String ARRIVING = ".arriving";

  /** How the folder of a run ends that another one has followed. */
  private static final String LEFT = ".left";

  /** There while the guest is to run, should its processors be found standing. */
  private static final String GOES_ON = "goes-on";

  /** Bytes of a socket's path: one fewer than Linux has room for, as Java keeps one back. */
  private static final int LONGEST_ADDRESS = 106;

  private static final int LONGEST_LOG_SHOWN = 4000;

  static RunFolder of(Path domains, UUID vm) {
    return new RunFolder(domains.resolve(vm.toString()));
  }

  /** Where a machine arrives that moves from one process to another. */
  static RunFolder arriving(Path domains, UUID vm) {
    return new RunFolder(domains.resolve(vm + ARRIVING));
  }

  /** Where the run is that a machine has left. */
  static RunFolder left(Path domains, UUID vm) {
    return new RunFolder(domains.resolve(vm + LEFT));
  }

  /** The machines that have folders, of whatever kind. */
  static List<UUID> list(Path domains) {
    try (Stream<Path> entries = Files.list(domains)) {
      return entries
          .map(entry -> new RunFolder(entry).vm())
          .flatMap(Optional::stream)
          .distinct()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine; empty for a folder that is none of ours. */
  Optional<UUID> vm() {
    String name = String.valueOf(path.getFileName());
    String stem =
        name.endsWith(ARRIVING) || name.endsWith(LEFT)
            ? name.substring(0, name.lastIndexOf('.'))
            : name;
    try {
      return Optional.of(UUID.fromString(stem));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Makes the folder, empty, whatever was there before. */
  void create() {
    try {
      delete();
      Files.createDirectories(path.getParent());
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw failed("cannot make the domain's folder", e);
    }
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  /** Gives the folder another name, which no folder has; the process in it goes along. */
  void become(RunFolder other) {
    try {
      Files.move(path, other.path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("cannot rename the domain's folder", e);
    }
  }

  /** Notes whether the guest is to run, should its processors be found standing. */
  void goesOn(boolean runs) {
    try {
      if (runs) {
        Files.writeString(path.resolve(GOES_ON), "");
      } else {
        Files.deleteIfExists(path.resolve(GOES_ON));
      }
    } catch (IOException e) {
      throw failed("cannot note that the guest runs", e);
    }
  }

  boolean goesOn() {
    return Files.exists(path.resolve(GOES_ON));
  }

  /** Gives what the guest has said so far to the folder of its next run, which said nothing yet. */
  void handSerialLog(RunFolder next) {
    try {
      for (String name : List.of(SERIAL_LOG + ".1", SERIAL_LOG)) {
        if (Files.exists(path.resolve(name))) {
          // QEMU has it open and appends.
          try (OutputStream log =
              Files.newOutputStream(
                  next.path.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Files.copy(path.resolve(name), log);
          }
        }
      }
    } catch (IOException e) {
      throw failed("cannot hand on the serial log of", e);
    }
  }

  /** Removes what the last run left, before the same machine runs again. */
  void clear() {
    try {
      for (String name :
          List.of(QMP, SERIAL, SERIAL_LOG, SERIAL_LOG + ".1", SCREEN, AGENT, LOG, TPM, TPM_LOG)) {
        Files.deleteIfExists(path.resolve(name));
      }
    } catch (IOException e) {
      throw failed("cannot clear the domain's folder", e);
    }
  }

  /** Lets the machine's TPM remember in that folder from now on, in one step. */
  void linkTpm(Path state) {
    try {
      Path fresh = path.resolve(TPM_STATE + ".new");
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, state);
      Files.move(fresh, path.resolve(TPM_STATE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("cannot link the TPM's folder in", e);
    }
  }

  /** A folder of this run's own in which its TPM remembers until the machine has arrived. */
  Path arrivingTpm() {
    try {
      return Files.createDirectory(path.resolve(TPM_ARRIVING));
    } catch (IOException e) {
      throw failed("cannot make the TPM's folder in", e);
    }
  }

  /** Removes the folder. */
  void delete() {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // That is what was wanted.
    } catch (IOException e) {
      throw failed("cannot remove the domain's folder", e);
    }
  }

  /** Where Java reaches one of the process's sockets, however long the folder's own path is. */
  Path socket(String name, long pid) {
    Path plain = path.resolve(name);
    return plain.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_ADDRESS
        ? plain
        : Path.of("/proc/" + pid + "/cwd", name);
  }

  Consoles consoles(long pid) {
    return new Consoles(
        Optional.of(socket(SERIAL, pid)),
        Optional.of(path.resolve(SERIAL_LOG)),
        Optional.of(socket(SCREEN, pid)));
  }

  /** Replaces the record in one step. */
  void save(DomainRecord record) {
    try {
      Path fresh = path.resolve(RECORD + ".new");
      Files.writeString(fresh, DomainRecordJson.write(record).write());
      Files.move(fresh, path.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("cannot keep the domain's record", e);
    }
  }

  /** Writes a file that the process reads. */
  void write(String name, String text) {
    try {
      Files.writeString(path.resolve(name), text);
    } catch (IOException e) {
      throw failed("cannot write " + name, e);
    }
  }

  /** The record, empty when there is none that can be read. */
  Optional<DomainRecord> load() {
    try {
      byte[] text = Files.readAllBytes(path.resolve(RECORD));
      return Optional.of(DomainRecordJson.read(Json.parse(text, 0, text.length)));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What QEMU said on its standard error, the last of it. */
  String log() {
    return log(LOG);
  }

  /** The end of a log. */
  String log(String name) {
    try {
      String text = Files.readString(path.resolve(name), StandardCharsets.ISO_8859_1).strip();
      return text.substring(Math.max(0, text.length() - LONGEST_LOG_SHOWN));
    } catch (IOException e) {
      return "";
    }
  }

  private DriverException failed(String what, IOException cause) {
    return new DriverException(Reason.FAILED, what + " " + path + ": " + cause, cause);
  }
}
