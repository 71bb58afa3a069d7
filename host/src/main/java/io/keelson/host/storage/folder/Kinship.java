package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.storage.image.QcowHeader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which images others rest on. The folder is asked each time: it alone is always right. */
final class Kinship {
  private static final Logger LOG = LoggerFactory.getLogger(Kinship.class);

  private Kinship() {}

  /** Every image that a volume needs; empty when a damaged volume leaves that unknown. */
  private static Optional<Set<String>> used(Folder folder) {
    Set<String> used = new HashSet<>();
    try {
      for (UUID vdi : folder.volumes()) {
        for (Chain.Link link : Chain.from(folder, folder.target(vdi)).links()) {
          used.add(link.image());
        }
      }
    } catch (DriverException e) {
      if (e.reason() == Reason.CORRUPT || e.reason() == Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(used);
  }

  /**
   * Removes images that no volume needs; none when a damaged volume may need them.
   *
   * @param left whether an image that is not needed is left over, and not just being made
   */
  static void sweep(Folder folder, Predicate<String> left) {
    Optional<Set<String>> used = used(folder);
    if (used.isEmpty()) {
      LOG.warn("{} has damaged volumes; nothing is removed from it", folder.root());
      return;
    }
    for (String image : folder.images()) {
      if (!used.get().contains(image) && left.test(image)) {
        LOG.info("removing {}, left by an interrupted call", folder.image(image));
        folder.removeImage(image);
      }
    }
  }

  /** Removes the top of a chain and whatever below it nobody needs any more, top first. */
  static void prune(Folder folder, Chain chain) {
    folder.removeImage(chain.top().image());
    for (Chain.Link link : chain.links().subList(1, chain.links().size())) {
      if (dependents(folder, link.image()) > 0) {
        return;
      }
      folder.removeImage(link.image());
    }
  }

  /** How many volumes and images rest on the image; an unreadable one counts, since it may. */
  static long dependents(Folder folder, String image) {
    long direct = folder.volumes().stream().filter(vdi -> pointsAt(folder, vdi, image)).count();
    long above = folder.images().stream().filter(other -> restsOn(folder, other, image)).count();
    return direct + above;
  }

  private static boolean pointsAt(Folder folder, UUID vdi, String image) {
    try {
      return folder.target(vdi).equals(image) || folder.kept(vdi).filter(image::equals).isPresent();
    } catch (DriverException e) {
      return e.reason() != Reason.NOT_FOUND;
    }
  }

  static boolean restsOn(Folder folder, String other, String image) {
    if (other.equals(image)) {
      return false;
    }
    try {
      return QcowHeader.read(folder.image(other))
          .backing()
          .flatMap(folder::resting)
          .filter(image::equals)
          .isPresent();
    } catch (DriverException e) {
      return e.reason() != Reason.NOT_FOUND;
    }
  }
}
