package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.storage.image.QcowHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An image and all that it rests on, top first, each checked to lie in the repository. */
public record Chain(List<Link> links) {
  /** QEMU opens an image for each level; above this a machine would start slowly or not at all. */
  static final int DEEPEST = 200;

  /** One image of a chain. */
  public record Link(String image, QcowHeader header) {}

  public Chain {
    links = List.copyOf(links);
  }

  /** Follows the image down. Raises CORRUPT when what is below is missing, foreign or endless. */
  public static Chain from(Folder folder, String image) {
    List<Link> links = new ArrayList<>();
    Optional<String> next = Optional.of(image);
    while (next.isPresent()) {
      String at = next.get();
      if (links.size() > DEEPEST) {
        throw new DriverException(Reason.CORRUPT, "image " + image + " rests on too many others");
      }
      Link link = new Link(at, header(folder, image, at));
      links.add(link);
      next = link.header().backing().map(file -> inside(folder, at, file));
    }
    return new Chain(links);
  }

  /** The image that is written. */
  public Link top() {
    return links.getFirst();
  }

  /** How many of the uppermost images another chain has not; all of them when none is shared. */
  int above(Chain other) {
    Set<String> shared = other.links().stream().map(Link::image).collect(Collectors.toSet());
    return (int) links.stream().takeWhile(link -> !shared.contains(link.image())).count();
  }

  /** What the whole family rests on: the same for volumes that share any block. */
  String root() {
    return links.getLast().image();
  }

  private static QcowHeader header(Folder folder, String top, String image) {
    try {
      return QcowHeader.read(folder.image(image));
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw new DriverException(
            Reason.CORRUPT, "image " + image + ", below " + top + ", is missing", e);
      }
      throw e;
    }
  }

  private static String inside(Folder folder, String image, String backing) {
    return folder
        .resting(backing)
        .orElseThrow(() ->
            new DriverException(
                Reason.CORRUPT,
                "image " + image + " rests on a file outside its repository: " + backing));
  }
}
