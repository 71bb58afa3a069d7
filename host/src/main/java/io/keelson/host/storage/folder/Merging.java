package io.keelson.host.storage.folder;

import io.keelson.host.Handover;
import io.keelson.host.ImageMerge;
import io.keelson.host.LiveMerge;
import io.keelson.host.Progress;
import io.keelson.host.storage.image.QemuImg;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Merges an image into the one below it. At each instant every volume reads the same, whether by
 * the old chain or the new one: the upper image goes only when nothing rests on it any more.
 */
final class Merging {
  private final Folder folder;
  private final Volumes volumes;
  private final ImageMerge merge;

  Merging(Folder folder, Volumes volumes, ImageMerge merge) {
    this.folder = folder;
    this.volumes = volumes;
    this.merge = merge;
  }

  /**
   * @param chain of one of the volumes, whose family nobody else works on
   * @return whether the merge was still possible
   */
  boolean run(Chain chain, Optional<LiveMerge> live, Progress progress) {
    progress.stopIfCancelled("the merge");
    if (!applies(chain)) {
      return false;
    }
    if (live.isPresent()) {
      live.get()
          .run(
              volumes.source(merge.upper()),
              volumes.source(merge.lower()),
              lowerName(),
              handover(),
              progress);
    } else {
      QemuImg.repairLeaks(folder.image(merge.lower()));
      QemuImg.commit(folder.image(merge.upper()), progress);
      folder.flushImage(merge.lower());
      holders(merge.upper()).forEach(vdi -> folder.relink(vdi, merge.lower()));
    }
    for (String other : resting(merge.upper())) {
      QemuImg.rebase(folder.image(other), lowerName());
      folder.flushImage(other);
    }
    chain.links().forEach(link -> flushIfThere(link.image()));
    if (Kinship.dependents(folder, merge.upper()) == 0) {
      folder.removeImage(merge.upper());
    }
    return true;
  }

  private boolean applies(Chain chain) {
    List<String> images = chain.links().stream().map(Chain.Link::image).toList();
    int at = images.indexOf(merge.upper());
    return at >= 0
        && at + 1 < images.size()
        && images.get(at + 1).equals(merge.lower())
        && Kinship.dependents(folder, merge.lower()) == 1;
  }

  /** A live merge of the image that a volume is gives the volume the lower one. */
  private Handover handover() {
    List<UUID> holders = holders(merge.upper());
    if (holders.isEmpty()) {
      return Handover.NONE;
    }
    return new Handover() {
      @Override
      public void commit() {
        holders.forEach(vdi -> folder.relink(vdi, merge.lower()));
      }

      @Override
      public void rollback() {
        holders.forEach(vdi -> folder.relink(vdi, merge.upper()));
      }
    };
  }

  private List<UUID> holders(String image) {
    return folder.volumes().stream().filter(vdi -> folder.target(vdi).equals(image)).toList();
  }

  private List<String> resting(String image) {
    return folder.images().stream()
        .filter(other -> !other.equals(image))
        .filter(other -> Kinship.restsOn(folder, other, image))
        .toList();
  }

  private void flushIfThere(String image) {
    if (!image.equals(merge.upper())) {
      folder.flushImage(image);
    }
  }

  private String lowerName() {
    return merge.lower() + ".qcow2";
  }
}
