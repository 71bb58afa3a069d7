package io.keelson.store;

/**
 * A point in the order of changes.
 *
 * @param generation number of the last change of the journal
 * @param overlay stamp of the last change of volatile fields; stamps rise across restarts too
 */
public record EventToken(long generation, long overlay) {
  /** Before everything. */
  public static final EventToken START = new EventToken(0, 0);
}
