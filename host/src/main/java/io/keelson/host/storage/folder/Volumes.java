package io.keelson.host.storage.folder;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Volume;
import io.keelson.host.storage.image.QemuImg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The volumes of a folder and their images, for work that has its turn already. */
final class Volumes {
  private final Folder folder;

  Volumes(Folder folder) {
    this.folder = folder;
  }

  /** The image that a volume has now, with all that it rests on. */
  Chain chain(UUID vdi) {
    return Chain.from(folder, folder.target(vdi));
  }

  Volume describe(UUID vdi) {
    return describe(vdi, chain(vdi));
  }

  Volume describe(UUID vdi, Chain chain) {
    Chain.Link top = chain.top();
    long used;
    try {
      used = Files.size(folder.image(top.image()));
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, "volume " + vdi + " does not exist", e);
    }
    return new Volume(vdi, Folder.location(vdi), "", top.header().virtualSize(), used, false);
  }

  DiskSource source(String image) {
    return new DiskSource(folder.image(image).toString(), DiskSource.Format.QCOW2);
  }

  void refuseExisting(UUID vdi) {
    if (folder.holds(vdi)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "volume " + vdi + " exists");
    }
  }

  /**
   * A new volume.
   *
   * @param making makes its image at the path that it is given
   */
  Volume add(UUID vdi, Consumer<Path> making) {
    String _ =
        attempt(
            vdi,
            image -> {
              making.accept(folder.image(image));
              folder.link(vdi, image);
              return image;
            });
    return describe(vdi);
  }

  /** Has a volume go on in an empty image that rests on another; returns that new image. */
  String overlay(UUID vdi, String base, long size) {
    return attempt(
        vdi,
        image -> {
          QemuImg.overlay(folder.image(image), folder.backing(base), size);
          folder.relink(vdi, image);
          return image;
        });
  }

  /** Does work that makes an image for a volume. When it fails the image goes. */
  <T> T attempt(UUID vdi, Function<String, T> work) {
    String image = UUID.randomUUID().toString();
    try {
      return work.apply(image);
    } catch (DriverException e) {
      if (!folder.holds(vdi) || !folder.target(vdi).equals(image)) {
        folder.removeImage(image);
      }
      throw e;
    }
  }
}
