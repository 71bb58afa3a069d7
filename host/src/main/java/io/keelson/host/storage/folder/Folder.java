package io.keelson.host.storage.folder;

import static io.keelson.host.storage.folder.FolderFiles.failed;
import static io.keelson.host.storage.folder.FolderFiles.flush;
import static io.keelson.host.storage.folder.FolderFiles.names;
import static io.keelson.host.storage.folder.FolderFiles.remove;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * How a repository lies in its folder, and the small steps on it that a crash cannot tear.
 *
 * <pre>
 * keelson-sr                     which repository this is
 * VDI.qcow2 -> images/ID.qcow2   one link a volume: the image that holds it now
 * VDI.kept -> images/ID.qcow2    what the volume goes back to, for one that does so
 * images/ID.qcow2                images; one without a link is below others, or left over
 * images/ID.qcow2.memory         the memory of a suspended machine, which goes with its image
 * </pre>
 *
 * <p>An image keeps its name for life, since a domain may have it open under that name. What a
 * volume holds changes by pointing its link elsewhere, which is atomic. After each step the folder
 * is flushed, so that steps reach the disk in their order.
 */
public final class Folder {
  static final String UUID_TEXT = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String KEPT = ".kept";
  private static final String MEMORY = ".memory";
  private static final Pattern FILE = Pattern.compile("(" + UUID_TEXT + ")\\.qcow2");

  private final Path root;
  private final Path images;

  /** The folder at a path, whatever is there. */
  public Folder(Path root) {
    this.root = root;
    this.images = root.resolve("images");
  }

  /** Where it is. */
  public Path root() {
    return root;
  }

  /** Lays the folder out; the marker comes last, since only then is it a repository. */
  public void layOut(UUID sr) {
    try {
      Files.createDirectories(images);
      Marker.write(root, sr);
    } catch (IOException e) {
      throw failed("lay out", root, e);
    }
  }

  /** Whether nobody changed the image for so long, by the clock of where the folder is. */
  boolean quiet(String image, Duration age) {
    Path clock = root.resolve(FolderLock.FILE);
    try {
      Files.writeString(clock, "\n");
      return Files.getLastModifiedTime(image(image))
          .toInstant()
          .isBefore(Files.getLastModifiedTime(clock).toInstant().minus(age));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw failed("read", image(image), e);
    }
  }

  /** Removes links that were about to replace others, or belong to volumes that are gone. */
  void removeDrafts() {
    for (String name : names(root)) {
      Path path = root.resolve(name);
      boolean lone =
          name.matches(UUID_TEXT + "\\.kept")
              && !holds(UUID.fromString(name.substring(0, name.length() - KEPT.length())));
      if ((lone || name.matches(UUID_TEXT + "\\.new")) && Files.isSymbolicLink(path)) {
        remove(path);
      }
    }
  }

  /** The image that a volume goes back to; empty when it keeps what is written. */
  Optional<String> kept(UUID vdi) {
    Path link = root.resolve(vdi + KEPT);
    return Files.exists(link, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(target(link, vdi))
        : Optional.empty();
  }

  /** Has a volume go back to what it holds now. */
  void keep(UUID vdi) {
    Path link = root.resolve(vdi + KEPT);
    try {
      Files.createSymbolicLink(link, destination(target(vdi)));
      flush(root);
    } catch (IOException e) {
      throw failed("make", link, e);
    }
  }

  /** Has a volume keep what is written to it. */
  void unkeep(UUID vdi) {
    remove(root.resolve(vdi + KEPT));
    flush(root);
  }

  /** Removes all that this driver made in the folder; the marker goes last. */
  void clear() {
    removeDrafts();
    for (UUID volume : volumes()) {
      unkeep(volume);
      unlink(volume);
    }
    for (String image : images()) {
      removeImage(image);
    }
    try {
      Files.deleteIfExists(images);
      Files.deleteIfExists(root.resolve(FolderLock.FILE));
      Files.deleteIfExists(root.resolve(Marker.FILE));
      flush(root);
    } catch (IOException e) {
      throw failed("clear", root, e);
    }
  }

  /** Whether all programs reach the files; else only QEMU and this driver do. */
  boolean isMounted() {
    return root.getFileSystem().equals(FileSystems.getDefault());
  }

  /** The path of an image. */
  public Path image(String id) {
    return images.resolve(id + ".qcow2");
  }

  /**
   * How an image is named in the header of one that rests on it: beside that, or by its URL where
   * QEMU would look elsewhere (7.2 takes a name on an NFS server for one below the image itself).
   */
  String backing(String id) {
    return isMounted() ? id + ".qcow2" : image(id).toString();
  }

  /** The image that a header names, which must be one of this folder's. */
  Optional<String> resting(String backing) {
    int slash = backing.lastIndexOf('/');
    return imageNamed(backing.substring(slash + 1)).filter(id -> backing(id).equals(backing));
  }

  /** The image named by a backing file's text, which must lie beside the others. */
  static Optional<String> imageNamed(String file) {
    var matcher = FILE.matcher(file);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The name of a volume's link. */
  static String location(UUID vdi) {
    return vdi + ".qcow2";
  }

  /** The image that holds the volume now. Raises NOT_FOUND, and CORRUPT for a foreign link. */
  public String target(UUID vdi) {
    return target(root.resolve(location(vdi)), vdi);
  }

  private static String target(Path link, UUID vdi) {
    try {
      Path target = Files.readSymbolicLink(link);
      if (target.getNameCount() == 2 && target.startsWith("images")) {
        Optional<String> image = imageNamed(target.getFileName().toString());
        if (image.isPresent()) {
          return image.get();
        }
      }
      throw new DriverException(Reason.CORRUPT, link + " leads out of the repository");
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "volume " + vdi + " does not exist", e);
    } catch (NotLinkException e) {
      throw new DriverException(Reason.CORRUPT, link + " is no link", e);
    } catch (IOException e) {
      throw failed("read", link, e);
    }
  }

  boolean holds(UUID vdi) {
    return Files.exists(root.resolve(location(vdi)), LinkOption.NOFOLLOW_LINKS);
  }

  /** Gives a new volume its image. Raises ALREADY_EXISTS. */
  void link(UUID vdi, String image) {
    Path link = root.resolve(location(vdi));
    flush(image(image));
    flush(images);
    try {
      Files.createSymbolicLink(link, destination(image));
      flush(root);
    } catch (FileAlreadyExistsException e) {
      throw new DriverException(Reason.ALREADY_EXISTS, "volume " + vdi + " exists", e);
    } catch (IOException e) {
      throw failed("make", link, e);
    }
  }

  /** Gives a volume another image, in one step. */
  void relink(UUID vdi, String image) {
    Path link = root.resolve(location(vdi));
    Path draft = root.resolve(vdi + ".new");
    flush(image(image));
    flush(images);
    try {
      Files.deleteIfExists(draft);
      Files.createSymbolicLink(draft, destination(image));
      Files.move(draft, link, StandardCopyOption.ATOMIC_MOVE);
      flush(root);
    } catch (AtomicMoveNotSupportedException e) {
      throw new DriverException(Reason.UNSUPPORTED, root + " cannot rename at once", e);
    } catch (IOException e) {
      throw failed("change", link, e);
    }
  }

  /** A text that changes with the image. */
  String state(String image) {
    Path file = image(image);
    try {
      return image + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  void unlink(UUID vdi) {
    remove(root.resolve(location(vdi)));
    flush(root);
  }

  /** Sees to it that the image is on disk. */
  void flushImage(String image) {
    flush(image(image));
  }

  /** Where the memory of a suspended machine is that goes with an image. */
  Path memory(String image) {
    Path file = image(image);
    return file.resolveSibling(file.getFileName() + MEMORY);
  }

  void removeImage(String image) {
    remove(memory(image));
    remove(image(image));
  }

  /** The volumes that have a link. */
  List<UUID> volumes() {
    return names(root).stream()
        .filter(name -> Files.isSymbolicLink(root.resolve(name)))
        .flatMap(name -> imageNamed(name).stream())
        .map(UUID::fromString)
        .toList();
  }

  /** Every image, used or not. */
  List<String> images() {
    return names(images).stream().flatMap(name -> imageNamed(name).stream()).toList();
  }

  private static Path destination(String image) {
    return Path.of("images", image + ".qcow2");
  }
}
