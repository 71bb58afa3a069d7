package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.storage.folder.Chain;
import io.keelson.host.storage.folder.Folder;
import io.keelson.host.storage.folder.Marker;
import io.keelson.host.storage.image.QemuImg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Looks at the images of a repository of kind {@code file} without attaching it: nothing is
 * changed. An image that a domain has open to write is passed over: what it holds changes while one
 * looks.
 */
public final class ImageCheck {
  private final Folder folder;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> looked = new HashSet<>();

  private ImageCheck(Folder folder) {
    this.folder = folder;
  }

  /**
   * What is wrong, a sentence each.
   *
   * @param folders where repositories lie whose configuration names no location
   * @param sizes the bytes that each volume should have for its guest
   */
  public static List<String> of(
      Path folders, UUID sr, Map<String, String> deviceConfig, Map<UUID, Long> sizes) {
    Path root = new LocalPlace(folders).reach(sr, deviceConfig);
    ImageCheck check = new ImageCheck(new Folder(root));
    try {
      if (!Files.isDirectory(root)) {
        return List.of("SR %s: %s is not there".formatted(sr, root));
      }
      if (!Marker.read(root).equals(Optional.of(sr))) {
        return List.of("SR %s: %s holds another repository or none".formatted(sr, root));
      }
      sizes.forEach(check::volume);
    } catch (DriverException e) {
      check.faults.add("SR %s: %s".formatted(sr, e.getMessage()));
    }
    return List.copyOf(check.faults);
  }

  private void volume(UUID vdi, long size) {
    try {
      Chain chain = Chain.from(folder, folder.target(vdi));
      long found = chain.top().header().virtualSize();
      if (found != size) {
        fault(vdi, "has an image of %d bytes, and should have %d".formatted(found, size));
      }
      chain.links().forEach(link -> inside(vdi, link.image()));
    } catch (DriverException e) {
      fault(vdi, String.valueOf(e.getMessage()));
    }
  }

  private void inside(UUID vdi, String image) {
    if (looked.add(image)) {
      try {
        Path file = folder.image(image);
        if (!QemuImg.inUse(file)) {
          QemuImg.check(file).ifPresent(complaint -> fault(vdi, file + ": " + complaint));
        }
      } catch (DriverException e) {
        if (e.reason() == Reason.UNSUPPORTED) {
          throw e; // there is no qemu-img
        }
        fault(vdi, String.valueOf(e.getMessage()));
      }
    }
  }

  private void fault(UUID vdi, String what) {
    faults.add("VDI %s: %s".formatted(vdi, what));
  }
}
