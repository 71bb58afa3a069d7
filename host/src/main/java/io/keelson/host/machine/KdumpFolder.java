package io.keelson.host.machine;

import io.keelson.host.CrashDumps;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crash dumps of this machine, as Debian's kdump-tools writes them: a folder each, which is named
 * after the minute (202611290815) and holds the memory and the kernel's last messages.
 */
public final class KdumpFolder implements CrashDumps {
  private static final Logger LOG = LoggerFactory.getLogger(KdumpFolder.class);
  private static final Pattern NAME = Pattern.compile("[0-9]{12}");
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuuMMddHHmm");

  /** What a folder is called from when it counts as removed. */
  private static final String REMOVED = ".removed";

  private final Path folder;
  private final ZoneId zone;

  /**
   * @param folder that need not exist
   * @param zone whose time the names tell
   */
  public KdumpFolder(Path folder, ZoneId zone) {
    this.folder = folder;
    this.zone = zone;
  }

  @Override
  public List<Dump> list(UUID host) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isReadable)
          .flatMap(found -> dump(found).stream())
          .sorted(Comparator.comparing(Dump::name))
          .toList();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public List<File> files(UUID host, String dump) {
    try {
      return files(place(dump));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public InputStream open(UUID host, String dump, String file) {
    Path place = place(dump);
    try {
      Path wanted = place.resolve(file);
      if (!place.equals(wanted.getParent())) {
        throw new DriverException(Reason.NOT_FOUND, "no file " + file);
      }
      return Files.newInputStream(wanted, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** It is renamed first, so that half a dump is never taken for one. */
  @Override
  public void delete(UUID host, String dump) {
    try {
      Path removed = folder.resolve(dump + REMOVED);
      if (Files.exists(removed)) {
        deleteTree(removed);
      }
      Files.move(place(dump), removed, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(removed);
    } catch (DriverException gone) {
      if (gone.reason() != Reason.NOT_FOUND) {
        throw gone;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Optional<Dump> dump(Path found) {
    String name = found.getFileName().toString();
    try {
      if (name.endsWith(REMOVED) && NAME.matcher(name.replace(REMOVED, "")).matches()) {
        deleteTree(found); // an earlier run was interrupted
      }
      if (!NAME.matcher(name).matches() || !Files.isDirectory(found, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      long size = files(found).stream().mapToLong(File::sizeBytes).sum();
      return Optional.of(new Dump(name, time(found, name), size));
    } catch (IOException e) {
      LOG.warn("the crash dump {} cannot be looked at", found, e);
      return Optional.empty();
    }
  }

  private Instant time(Path found, String name) throws IOException {
    try {
      return LocalDateTime.parse(name, MINUTE).atZone(zone).toInstant();
    } catch (DateTimeParseException _) {
      return Files.getLastModifiedTime(found).toInstant();
    }
  }

  private static List<File> files(Path place) throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      List<Path> plain =
          all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
      File[] found = new File[plain.size()];
      for (int i = 0; i < found.length; i++) {
        Path each = plain.get(i);
        found[i] = new File(each.getFileName().toString(), Files.size(each));
      }
      return List.of(found);
    }
  }

  private Path place(String dump) {
    Path place = folder.resolve(dump);
    if (!NAME.matcher(dump).matches() || !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new DriverException(Reason.NOT_FOUND, "no crash dump " + dump);
    }
    return place;
  }

  private static void deleteTree(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path place, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(place);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static DriverException failed(IOException e) {
    return switch (e) {
      case NoSuchFileException _ ->
          new DriverException(Reason.NOT_FOUND, "no such file: " + e.getMessage(), e);
      case FileAlreadyExistsException _, DirectoryNotEmptyException _ ->
          new DriverException(Reason.FAILED, "somebody else works in it: " + e.getMessage(), e);
      case IOException _ -> new DriverException(Reason.FAILED, e.toString(), e);
    };
  }
}
