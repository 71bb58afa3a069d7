package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The kernel's iSCSI initiator, which shows a target's LUNs as block devices. It is told what to do
 * by {@code iscsiadm} of open-iscsi; what it has, it says itself in /sys.
 */
final class Initiator {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration APPEAR = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Path TRANSPORT = Path.of("/sys/class/iscsi_transport/tcp");
  private static final Path SESSIONS = Path.of("/sys/class/iscsi_session");
  private static final List<Path> RECORDS =
      List.of(Path.of("/etc/iscsi/nodes"), Path.of("/var/lib/iscsi/nodes"));
  private static final String NAME = "(iqn|eui|naa)\\.[^/]+";
  private static final int SESSION_EXISTS = 15;
  private static final int NO_RECORDS = 21;
  private static final int REFUSED = 24;

  private Initiator() {}

  /** Raises UNAVAILABLE when this machine cannot log in to a target. */
  static void require() {
    Requirements.root("the iSCSI initiator");
    String _ = Requirements.program("iscsiadm");
    if (!Requirements.kernelHas(TRANSPORT, "iscsi_tcp")) {
      throw DriverException.of(
          StorageFault.UNAVAILABLE, "the kernel has no iSCSI initiator (iscsi_tcp)");
    }
  }

  /** Logs in unless a session with the target is there. Raises ISCSI_LOGIN, UNAVAILABLE. */
  static void login(IscsiTarget portal, String target) {
    if (session(target).isPresent()) {
      return;
    }
    if (!target.matches(NAME)) {
      throw DriverException.of(StorageFault.TARGET_IQN_MISSING, target);
    }
    require(node(portal, target, "--op", "new"));
    portal.user().ifPresent(user -> identify(target, user, portal.password().orElse("")));
    Outcome outcome = node(portal, target, "--login");
    if (outcome.exit() != SESSION_EXISTS) {
      require(outcome);
    }
  }

  /** Ends the session with the target if there is one. */
  static void logout(IscsiTarget portal, String target) {
    if (session(target).isPresent()) {
      require(node(portal, target, "--logout"));
    }
    Outcome outcome = node(portal, target, "--op", "delete");
    if (outcome.exit() != NO_RECORDS) {
      require(outcome);
    }
  }

  /** The device of a LUN, which the kernel shows soon after the login. Raises UNAVAILABLE. */
  static BlockDevices.Device disk(String target, int lun) {
    long end = System.nanoTime() + APPEAR.toNanos();
    while (System.nanoTime() < end) {
      Optional<Path> found = devices(target, Integer.toString(lun)).stream().findFirst();
      if (found.isPresent() && Files.exists(found.get())) {
        return BlockDevices.at(found.get().toString());
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    throw DriverException.of(
        StorageFault.UNAVAILABLE, "the kernel does not show LUN " + lun + " of " + target);
  }

  /** Whether anything of this host has one of the target's disks: a volume, a file system. */
  static boolean held(String target) {
    return devices(target, "*").stream()
        .anyMatch(device ->
            !list(Path.of("/sys/class/block").resolve(device.getFileName()).resolve("holders"), "*")
                    .isEmpty()
                || BlockDevices.at(device.toString()).mounted());
  }

  private static List<Path> devices(String target, String lun) {
    return session(target).stream()
        .flatMap(session -> list(session.resolve("device"), "target*").stream())
        .flatMap(bus -> list(bus, "*:*:*:" + lun).stream())
        .flatMap(unit -> list(unit.resolve("block"), "*").stream())
        .map(block -> Path.of("/dev").resolve(block.getFileName()))
        .toList();
  }

  private static Optional<Path> session(String target) {
    return list(SESSIONS, "session*").stream()
        .filter(session -> text(session.resolve("targetname")).equals(target))
        .findFirst();
  }

  /**
   * Writes who logs in where iscsiadm keeps it: only root reads that, whereas everybody sees the
   * arguments of a program.
   */
  private static void identify(String target, String user, String password) {
    Map<String, String> login =
        Map.of(
            "node.session.auth.authmethod", "CHAP",
            "node.session.auth.username", user,
            "node.session.auth.password", password);
    if (login.values().stream().anyMatch(text -> text.chars().anyMatch(Character::isISOControl))) {
      throw DriverException.of(StorageFault.ISCSI_LOGIN, "a name or password has lines of its own");
    }
    for (Path file : RECORDS.stream().flatMap(folder -> records(folder, target)).toList()) {
      try {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> login.containsKey(line.split(" = ", 2)[0].strip()));
        int at = lines.indexOf("# BEGIN RECORD 2.0");
        login.forEach((key, value) -> lines.add(Math.max(1, at + 1), key + " = " + value));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(
            draft,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, lines);
        Path _ = Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new DriverException(Reason.FAILED, "cannot keep who logs in to " + target, e);
      }
    }
  }

  private static Stream<Path> records(Path folder, String target) {
    Path records = folder.resolve(target);
    if (!Files.isDirectory(records)) {
      return Stream.of();
    }
    try (Stream<Path> all = Files.walk(records)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot list " + records, e);
    }
  }

  private static Outcome node(IscsiTarget portal, String target, String... action) {
    List<String> command = new ArrayList<>(List.of(Requirements.program("iscsiadm"), "-m", "node"));
    command.addAll(List.of("-T", target, "-p", portal.host() + ":" + portal.port()));
    command.addAll(List.of(action));
    return Program.run(LIMIT, command);
  }

  private static void require(Outcome outcome) {
    if (!outcome.ok()) {
      boolean refused =
          outcome.exit() == REFUSED || outcome.complaint().contains("authorization failure");
      throw DriverException.of(
          refused ? StorageFault.ISCSI_LOGIN : StorageFault.UNAVAILABLE, outcome.complaint());
    }
  }

  private static List<Path> list(Path folder, String pattern) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.newDirectoryStream(folder, pattern)) {
      List<Path> all = new ArrayList<>();
      entries.forEach(all::add);
      return all.stream().sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
