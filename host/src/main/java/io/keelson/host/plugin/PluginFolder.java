package io.keelson.host.plugin;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Plugins;
import io.keelson.host.Progress;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of this host: executable files in the folders {@code host} and {@code vm}. Each is
 * called as the reference calls its own, see {@link PluginText}.
 */
public final class PluginFolder implements Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  /** What the kernel takes as one argument, less some. */
  private static final int LONGEST_CALL = 120_000;

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path folder;
  private final Optional<String> user;
  private final Duration limit;

  /**
   * @param user whom plugins run as; empty for the server's own
   * @param limit how long one may run
   */
  public PluginFolder(Path folder, Optional<String> user, Duration limit) {
    this.folder = folder;
    this.user = user;
    this.limit = limit;
  }

  @Override
  public Outcome run(
      UUID host,
      Audience audience,
      String name,
      String function,
      Map<String, String> arguments,
      Progress progress) {
    Path file = find(audience, name);
    String call = PluginText.call(function, arguments);
    if (call.length() > LONGEST_CALL) {
      throw new DriverException(Reason.INVALID, "more arguments than a program can be given");
    }
    Deadline deadline = new Deadline(progress, System.nanoTime() + limit.toNanos());
    try {
      return PluginText.outcome(Program.run(limit, command(file, call), deadline, _ -> {}));
    } catch (DriverException e) {
      boolean late = deadline.over() && !progress.cancelled();
      if (e.reason() == Reason.CANCELLED && !late) {
        throw e;
      }
      return new Broken(late ? "timeout" : String.valueOf(e.getMessage()), "", "");
    }
  }

  @Override
  public boolean offers(UUID host, Audience audience, String name) {
    try {
      find(audience, name);
      return true;
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private List<String> command(Path file, String call) {
    return user.map(name -> List.of("runuser", "-u", name, "--", file.toString(), call))
        .orElse(List.of(file.toString(), call));
  }

  /** A file that nobody but the server's own user and root can have written. */
  private Path find(Audience audience, String name) {
    Path place =
        folder.resolve(
            switch (audience) {
              case HOST -> "host";
              case VM -> "vm";
            });
    if (!NAME.matcher(name).matches() || !Files.isRegularFile(place.resolve(name))) {
      throw new DriverException(Reason.NOT_FOUND, "no plugin " + name);
    }
    try {
      Path file = place.resolve(name).toRealPath();
      if (Files.isExecutable(file) && isSafe(file) && isSafe(place.toRealPath())) {
        return file;
      }
      LOG.warn("{} is not run: it must be executable, and no other user's to write", file);
    } catch (IOException e) {
      LOG.warn("plugin {} cannot be looked at: {}", name, e.toString());
    }
    throw new DriverException(Reason.NOT_FOUND, "no plugin " + name + " that may be run");
  }

  private static boolean isSafe(Path file) throws IOException {
    PosixFileAttributes facts = Files.readAttributes(file, PosixFileAttributes.class);
    String owner = facts.owner().getName();
    boolean ours = owner.equals("root") || owner.equals(System.getProperty("user.name"));
    return ours && facts.permissions().stream().noneMatch(OTHERS::contains);
  }

  /** Ends a program that its caller gives up, or whose time is over. */
  private record Deadline(Progress caller, long nanos) implements Progress {
    boolean over() {
      return System.nanoTime() - nanos >= 0;
    }

    @Override
    public void report(double fraction) {
      caller.report(fraction);
    }

    @Override
    public boolean cancelled() {
      return caller.cancelled() || over();
    }
  }
}
