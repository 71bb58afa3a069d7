package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Storage.Fork;
import io.keelson.host.Volume;
import io.keelson.host.storage.image.QemuImg;
import java.util.List;
import java.util.UUID;

/**
 * Volumes that go on from what others hold. What both hold becomes an image that both rest on, and
 * that nobody writes any more.
 */
final class Forks {
  private final Folder folder;
  private final Volumes volumes;

  Forks(Folder folder, Volumes volumes) {
    this.folder = folder;
    this.volumes = volumes;
  }

  /**
   * Makes a volume that holds what another holds.
   *
   * @param chain of that other, whose family nobody else works on
   * @param live whether a domain may be writing it
   */
  Fork make(UUID vdi, UUID copy, Chain chain, boolean live) {
    volumes.refuseExisting(copy);
    Chain.Link top = chain.top();
    List<Chain.Link> below = chain.links().subList(1, chain.links().size());
    if (!live && !below.isEmpty() && top.header().empty(folder.image(top.image()))) {
      // Nothing was written since the fork before: a template cloned a thousand times stays as
      // flat as one cloned once.
      return new Fork(
          branch(copy, below.getFirst().image(), top.header().virtualSize()),
          volumes.source(top.image()));
    }
    return split(vdi, copy, chain);
  }

  /** The volume's image becomes the base of two new ones; the volume's link moves first. */
  private Fork split(UUID vdi, UUID copy, Chain chain) {
    if (chain.links().size() >= Chain.DEEPEST) {
      throw new DriverException(
          Reason.WRONG_STATE, "volume " + vdi + " rests on too many snapshots to take one more");
    }
    Chain.Link base = chain.top();
    long size = base.header().virtualSize();
    String upper = volumes.overlay(vdi, base.image(), size);
    // Only now may the copy appear: the base is written by nobody any more.
    return new Fork(branch(copy, base.image(), size), volumes.source(upper));
  }

  private Volume branch(UUID copy, String base, long size) {
    return volumes.add(copy, image -> QemuImg.overlay(image, folder.backing(base), size));
  }

  /**
   * Has a volume go on in the image that it had before a fork, when nothing was written since.
   *
   * @param chain of the volume, whose copy is gone
   */
  void undo(UUID vdi, Chain chain) {
    if (chain.links().size() < 2) {
      return;
    }
    Chain.Link top = chain.top();
    Chain.Link below = chain.links().get(1);
    boolean idle =
        below.header().virtualSize() >= top.header().virtualSize()
            && Kinship.dependents(folder, below.image()) == 1
            && !QemuImg.inUse(folder.image(top.image()))
            && top.header().empty(folder.image(top.image()));
    if (idle) {
      folder.relink(vdi, below.image());
      folder.removeImage(top.image());
    }
  }
}
