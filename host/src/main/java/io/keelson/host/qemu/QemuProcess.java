package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * A QEMU process, or the one beside it that plays a TPM: our child, or one that an earlier server
 * started.
 *
 * <p>It is started through {@code setsid}, so that neither the end of the server nor an interrupt
 * at its terminal reaches it. That is quicker by 20 ms than QEMU's own {@code -daemonize}, and the
 * kernel tells of a child's end at once.
 */
final class QemuProcess {

  /**
   * Page faults on its heap are a quarter of what QEMU's start costs; with huge pages there are
   * few, for some 2.5 MB more of memory. Without the C library or the pages for it, it means
   * nothing.
   */
  private static final String HUGE_PAGES = "glibc.malloc.hugetlb=1";

  private static final long LOOK_AGAIN_NANOS = 200_000;
  private static final int STATE_FIELD = 0;
  private static final int THREADS_FIELD = 17;

  private final ProcessHandle handle;
  private final Optional<Process> child;

  private QemuProcess(ProcessHandle handle, Optional<Process> child) {
    this.handle = handle;
    this.child = child;
  }

  /** Starts QEMU in the folder, its words going to the folder's log. */
  static QemuProcess start(Path program, List<String> arguments, RunFolder folder) {
    return start(program, arguments, folder, RunFolder.LOG);
  }

  /** Starts a program in the folder, its words going to that file there. */
  static QemuProcess start(Path program, List<String> arguments, RunFolder folder, String log) {
    List<String> command = new ArrayList<>(List.of("setsid", program.toString()));
    command.addAll(arguments);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.path().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.path().resolve(log).toFile());
      builder.environment().putIfAbsent("GLIBC_TUNABLES", HUGE_PAGES);
      Process process = builder.start();
      return new QemuProcess(process.toHandle(), Optional.of(process));
    } catch (IOException e) {
      throw new DriverException(
          Reason.UNSUPPORTED, "cannot start " + program + ": " + e.getMessage(), e);
    }
  }

  /**
   * The QEMU processes that run in folders of domains, by folder. A process counts only by what the
   * kernel says of it now (its working directory and its arguments), never by a number kept in a
   * file, which may have become another's.
   */
  static Map<RunFolder, QemuProcess> running(Path domains) {
    return running(domains, (vm, arguments) -> arguments.contains("\0-uuid\0" + vm + "\0"));
  }

  /**
   * The same for processes of other kinds.
   *
   * @param kind whether arguments, each ended by a zero, are those of one in the machine's folder
   */
  static Map<RunFolder, QemuProcess> running(Path domains, BiPredicate<UUID, String> kind) {
    Map<RunFolder, QemuProcess> found = new HashMap<>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.forEach(handle ->
          folder(handle.pid(), domains, kind)
              .ifPresent(folder -> found.put(folder, new QemuProcess(handle, Optional.empty()))));
    }
    return found;
  }

  private static Optional<RunFolder> folder(
      long pid, Path domains, BiPredicate<UUID, String> kind) {
    try {
      Path process = Path.of("/proc", Long.toString(pid));
      Path cwd = Files.readSymbolicLink(process.resolve("cwd"));
      if (!domains.equals(cwd.getParent()) || exited(pid)) {
        return Optional.empty();
      }
      String arguments =
          new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1);
      RunFolder found = new RunFolder(cwd);
      return found.vm().filter(vm -> kind.test(vm, arguments)).map(_ -> found);
    } catch (IOException e) {
      return Optional.empty(); // it has gone, or is another user's
    }
  }

  long pid() {
    return handle.pid();
  }

  boolean gone() {
    return child.isPresent() ? !child.get().isAlive() : exited(pid());
  }

  /** Ends it at once, whatever it is doing. */
  void kill() {
    boolean _ = handle.destroyForcibly();
  }

  /** Waits until it has given back all that it held; false when it did not in time. */
  boolean awaitGone(Duration patience) {
    try {
      if (child.isPresent()) {
        return child.get().waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return gone();
    }
    long end = System.nanoTime() + patience.toNanos();
    while (!gone()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return true;
  }

  /** Whether the process ended: one that only waits to be reaped by its parent has. */
  private static boolean exited(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean ended = fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
      return ended && Integer.parseInt(fields[THREADS_FIELD]) <= 1;
    } catch (IOException e) {
      return true;
    }
  }
}
