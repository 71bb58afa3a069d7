package io.keelson.host;

import java.util.Set;
import java.util.UUID;

/**
 * Two images of which one may become part of the other: only the upper one needs the lower, and no
 * volume is the lower one itself.
 *
 * @param upper name of the image that goes
 * @param lower name of the image that stays
 * @param volumes those that rest on both, or are the upper one
 */
public record ImageMerge(String upper, String lower, Set<UUID> volumes) {
  public ImageMerge {
    volumes = Set.copyOf(volumes);
  }
}
