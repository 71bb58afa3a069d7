package io.keelson.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How the volumes of a repository rest on images.
 *
 * @param volumes how each stands
 * @param merges what could be merged now, the lowest of each chain first: so each byte moves once
 */
public record ChainSurvey(Map<UUID, Depth> volumes, List<ImageMerge> merges) {
  /** Of a kind whose volumes rest on nothing. */
  public static final ChainSurvey NONE = new ChainSurvey(Map.of(), List.of());

  public ChainSurvey {
    volumes = Map.copyOf(volumes);
    merges = List.copyOf(merges);
  }

  /**
   * How one volume stands.
   *
   * @param images that have to be opened to read it
   * @param reclaimable bytes that merging can free at most
   */
  public record Depth(int images, long reclaimable) {}
}
