package io.keelson.host.storage.folder;

import io.keelson.host.ChainSurvey;
import io.keelson.host.ChainSurvey.Depth;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.ImageMerge;
import io.keelson.host.storage.image.QcowHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** One look at all images of a folder: what rests on what, and what need not. */
final class Survey {
  private final Folder folder;

  /** What each image rests on. */
  private final Map<String, Optional<String>> below = new HashMap<>();

  private final Map<String, List<String>> above = new HashMap<>();
  private final Map<UUID, List<String>> chains = new LinkedHashMap<>();
  private final Set<String> held = new HashSet<>();
  private boolean whole = true;

  private Survey(Folder folder) {
    this.folder = folder;
  }

  static ChainSurvey of(Folder folder) {
    Survey survey = new Survey(folder);
    folder.images().forEach(survey::image);
    folder.volumes().forEach(survey::volume);
    return survey.result();
  }

  private void image(String image) {
    try {
      Optional<String> backing =
          QcowHeader.read(folder.image(image)).backing().flatMap(folder::resting);
      below.put(image, backing);
      backing.ifPresent(b -> above.computeIfAbsent(b, _ -> new ArrayList<>()).add(image));
    } catch (DriverException e) {
      // Removed meanwhile; a damaged one may need any other.
      whole &= e.reason() == Reason.NOT_FOUND;
    }
  }

  private void volume(UUID vdi) {
    try {
      String top = folder.target(vdi);
      held.add(top);
      folder.kept(vdi).ifPresent(held::add);
      List<String> chain = new ArrayList<>();
      Optional<String> at = Optional.of(top);
      while (at.isPresent() && below.containsKey(at.get()) && chain.size() <= Chain.DEEPEST) {
        chain.add(at.get());
        at = below.get(at.get());
      }
      if (at.isEmpty()) {
        chains.put(vdi, chain);
      }
    } catch (DriverException e) {
      whole &= e.reason() == Reason.NOT_FOUND;
    }
  }

  private ChainSurvey result() {
    Map<Integer, List<ImageMerge>> byHeight = new TreeMap<>();
    if (whole) {
      above.forEach((lower, uppers) -> {
        if (uppers.size() == 1 && !held.contains(lower)) {
          merge(uppers.getFirst(), lower, byHeight);
        }
      });
    }
    List<ImageMerge> merges = byHeight.values().stream().flatMap(List::stream).toList();
    Map<UUID, Depth> volumes = new LinkedHashMap<>();
    chains.forEach((vdi, chain) -> volumes.put(vdi, new Depth(chain.size(), gain(vdi, merges))));
    return new ChainSurvey(volumes, merges);
  }

  private void merge(String upper, String lower, Map<Integer, List<ImageMerge>> byHeight) {
    Set<UUID> volumes = new HashSet<>();
    int height = 0;
    for (Map.Entry<UUID, List<String>> chain : chains.entrySet()) {
      int at = chain.getValue().indexOf(upper);
      if (at >= 0) {
        volumes.add(chain.getKey());
        height = chain.getValue().size() - at;
      }
    }
    if (!volumes.isEmpty()) {
      byHeight
          .computeIfAbsent(height, _ -> new ArrayList<>())
          .add(new ImageMerge(upper, lower, volumes));
    }
  }

  private long gain(UUID vdi, List<ImageMerge> merges) {
    return merges.stream()
        .filter(merge -> merge.volumes().contains(vdi))
        .mapToLong(merge -> size(merge.upper()))
        .sum();
  }

  private long size(String image) {
    try {
      return Files.size(folder.image(image));
    } catch (IOException e) {
      return 0; // merged or removed meanwhile
    }
  }
}
