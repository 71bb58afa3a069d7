package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Storage.Below;
import io.keelson.host.storage.image.QcowHeader;
import io.keelson.host.storage.image.QemuImg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Images that keep what machines read from below their volumes, which lie in other repositories:
 * {@code reads/VDI.STATE.qcow2} in a repository's folder. Each is of one volume, and of one state
 * of what is below it. A restart of the machine counts as another state: it may have lost a part of
 * what was kept.
 */
public final class KeptReads {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String END = ".qcow2";
  private static final int DIGITS = 32;

  private final Path folder;
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param root of the repository
   */
  KeptReads(Path root) {
    this.folder = root.resolve("reads");
  }

  /** The image of a volume; empty when it cannot have one now. */
  public Optional<Path> keep(UUID vdi, Below below) {
    turn.lock();
    try {
      Path image = folder.resolve(vdi + "." + state(below) + END);
      Files.createDirectories(folder);
      for (Path other : all()) {
        boolean former = other.getFileName().toString().startsWith(vdi + ".");
        if (former && !other.equals(image) && !QemuImg.inUse(other)) {
          Files.delete(other);
        }
      }
      if (Files.exists(image)) {
        return QemuImg.inUse(image) ? Optional.empty() : Optional.of(whole(image));
      }
      if (!makeRoom(below.size())) {
        return Optional.empty();
      }
      QemuImg.overlay(image, below.source(), below.size());
      return Optional.of(image);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      turn.unlock();
    }
  }

  /** The image without the space that a machine took which was ended before it used it. */
  private static Path whole(Path image) {
    QemuImg.repairLeaks(image);
    return image;
  }

  /** Removes what no machine uses. */
  public void forget() {
    turn.lock();
    try {
      for (Path image : all()) {
        if (!QemuImg.inUse(image)) {
          Files.delete(image);
        }
      }
    } catch (IOException e) {
      throw failed(e);
    } finally {
      turn.unlock();
    }
  }

  /** Removes everything, the folder too. */
  void clear() {
    turn.lock();
    try {
      for (Path image : all()) {
        Files.delete(image);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Whether all images can grow to their full size, this one too; those that nobody uses make room,
   * the longest unused first. A machine whose image cannot grow could not read on.
   */
  private boolean makeRoom(long size) throws IOException {
    List<Path> oldest =
        all().stream().sorted(Comparator.comparingLong(KeptReads::changed)).toList();
    for (Path image : oldest) {
      if (free() >= size) {
        break;
      }
      if (!QemuImg.inUse(image)) {
        Files.delete(image);
      }
    }
    return free() >= size;
  }

  /** The room that is left once all images are as large as they can get. */
  private long free() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    for (Path image : all()) {
      free -= Math.max(0, QcowHeader.read(image).virtualSize() - Files.size(image));
    }
    return free;
  }

  private static long changed(Path image) {
    try {
      return Files.getLastModifiedTime(image).toMillis();
    } catch (IOException _) {
      return 0;
    }
  }

  private List<Path> all() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> entry.toString().endsWith(END)).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  private static String state(Below below) throws IOException {
    String text = below.source() + " " + below.state() + " " + Files.readString(BOOT);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private DriverException failed(IOException cause) {
    return new DriverException(Reason.FAILED, "cannot keep reads in " + folder, cause);
  }
}
